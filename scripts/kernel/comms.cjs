"use strict";
// Comms: named channels between a cell and what runs in the reader's browser, as widgets use them.
// https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages
const { randomUUID } = require("node:crypto");

class Comms {
  #open = new Map(); // id → comm
  /** @type {(type: string, content: object, metadata?: object, buffers?: unknown[]) => void} */
  #publish = () => {};

  publishThrough(publish) {
    this.#publish = publish;
  }

  /**
   * Opens a channel to the front end's `target`; `output` is the cell's.
   *
   * @param {import("./output.cjs").Output | null} [output]
   * @returns `{ id, send({ data, metadata, buffers }), close(), onMessage }`; `onMessage(data,
   *   buffers)` is called, once it is set, with what the front end sends
   */
  open(target, { data = {}, metadata = {}, buffers = [] } = {}, output = null) {
    const id = randomUUID();
    const comm = {
      id,
      target,
      output,
      onMessage: null,
      send: (message) => this.#say("comm_msg", { comm_id: id, data: message.data ?? {} }, message),
      close: () => {
        this.#open.delete(id);
        this.#say("comm_close", { comm_id: id, data: {} });
      },
    };
    this.#open.set(id, comm);
    this.#say("comm_open", { comm_id: id, target_name: target, data }, { metadata, buffers });
    return comm;
  }

  list(target) {
    const wanted = [...this.#open.values()].filter((comm) => !target || comm.target === target);
    return Object.fromEntries(wanted.map((comm) => [comm.id, { target_name: comm.target }]));
  }

  /**
   * What a front end sent; a target that it opens by itself is not known here, and is closed.
   *
   * @param listen runs the comm's listener, which prints where its cell does
   */
  async receive(type, { comm_id: id, data }, buffers, listen) {
    const comm = this.#open.get(id);
    if (type === "comm_close") this.#open.delete(id);
    else if (type === "comm_open") this.#say("comm_close", { comm_id: id, data: {} });
    else if (comm?.onMessage) await listen(comm.output, () => comm.onMessage(data, buffers));
  }

  /** @param {{ metadata?: object, buffers?: unknown[] }} [message] with what it carries */
  #say(type, content, message) {
    this.#publish(type, content, message?.metadata, message?.buffers);
  }
}

module.exports = { Comms };
