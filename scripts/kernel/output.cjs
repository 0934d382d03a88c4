"use strict";

const JOIN_MS = 30; // how long a line waits for the next ones
const LATEST_MS = 100; // synchronous code starves timers: after this, a line goes out at once

/**
 * What one cell prints and displays, in order. Lines printed in a burst travel as one message:
 * a message a line drowns browsers and overflows the queues of nbclient.
 */
class Output {
  #publish;
  #pending = [];
  #timer = null;
  #sentAt = 0;

  /** @param publish {(type: string, content: object) => void} sends on iopub, in the cell's name */
  constructor(publish) {
    this.#publish = publish;
  }

  /** Prints on "stdout" or "stderr". */
  write(name, text) {
    const last = this.#pending.at(-1);
    if (last?.name === name) last.text += text;
    else this.#pending.push({ name, text });
    if (Date.now() - this.#sentAt > LATEST_MS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), JOIN_MS);
  }

  /** Displays (or, with `update`, redraws) a bundle `{ data, metadata, transient }`. */
  display(bundle, update) {
    this.flush();
    this.#publish(update ? "update_display_data" : "display_data", bundle);
  }

  flush() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#sentAt = Date.now();
    for (const content of this.#pending.splice(0)) this.#publish("stream", content);
  }
}

module.exports = { Output };
