"use strict";
const { StringDecoder } = require("node:string_decoder");
const { storable } = require("./display.cjs");

const JOIN_MS = 30; // how long a line waits for the next ones
const LATEST_MS = 100; // synchronous code starves timers: after this, a line goes out at once

/**
 * What one cell prints and displays, in order. Lines printed in a burst travel as one message:
 * a message a line drowns browsers and overflows the queues of nbclient.
 */
class Output {
  #publish;
  #pending = [];
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #sentAt = 0;
  #decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };

  /** @param publish {(type: string, content: object) => void} sends on iopub, in the cell's name */
  constructor(publish) {
    this.#publish = publish;
  }

  /** Prints on "stdout" or "stderr"; a letter may come in two pieces. */
  write(name, chunk, encoding) {
    const bytes = typeof chunk !== "string" || (encoding && !/^utf-?8$/i.test(encoding));
    const text = bytes ? this.#decoders[name].write(Buffer.from(chunk, encoding)) : chunk;
    if (text === "") return;
    const last = this.#pending.at(-1);
    if (last?.name === name) last.text += text;
    else this.#pending.push({ name, text });
    if (Date.now() - this.#sentAt > LATEST_MS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), JOIN_MS);
  }

  /** Displays (or, with `update`, redraws) a bundle `{ data, metadata, transient }`. */
  display(bundle, update) {
    this.flush();
    this.#publish(update ? "update_display_data" : "display_data", storable(bundle));
  }

  /** The value of the cell's last line. */
  result(bundle, number) {
    this.flush();
    this.#publish("execute_result", { ...storable(bundle), execution_count: number });
  }

  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sentAt = Date.now();
    for (const content of this.#pending.splice(0)) this.#publish("stream", content);
  }
}

module.exports = { Output };
