"use strict";
// The kernel's side of the Jupyter protocol. tslab's own server loses output in bursts, overlaps
// requests, sends no `error` and no `execute_input`; this one takes its place.
const path = require("node:path");
const { Worker } = require("node:worker_threads");
const { buildFrames, parseMessage } = require("./messages.cjs");
const { Output } = require("./output.cjs");
const { zmq } = require("./tslab.cjs");

const IN_FLIGHT_MS = 50; // time for requests already sent to arrive, so that an error aborts them

/**
 * Serves one kernel on the sockets of a connection file.
 *
 * `kernel` is `{ execute(code, output, ask, number), info(), complete(content), inspect(content),
 * isComplete(content), receive(type, content, buffers), interrupt(), interrupts, comms }`; `execute` resolves to null, or to `{ ename, evalue, traceback }`.
 */
class Server {
  #connection;
  #kernel;
  #sockets = {};
  #control;
  #queue = Promise.resolve();
  #abortedUntil = 0;
  #count = 0;
  #latest = { header: {} }; // the request that is served, or was last
  #answers = []; // who waits for the reader's line

  constructor(connection, kernel) {
    this.#connection = connection;
    this.#kernel = kernel;
    kernel.comms.publishThrough((type, content, metadata, buffers) =>
      this.#publish(type, content, this.#latest, metadata, buffers),
    );
  }

  async listen() {
    // Without a timeout of 0 every 513th message of a socket is put off, and one that is sent before
    // it has left is refused: a lost "idle" would leave its cell running for ever.
    const sendTimeout = 0;
    const sockets = (this.#sockets = {
      // The default mark of 1000 makes ZeroMQ drop what a fast cell prints, without a word.
      iopub: new zmq.Publisher({ sendHighWaterMark: 0, sendTimeout }),
      shell: new zmq.Router({ sendTimeout }),
      stdin: new zmq.Router({ sendTimeout }),
    });
    const { transport, ip } = this.#connection;
    const separator = transport === "tcp" ? ":" : "-";
    const address = (name) => `${transport}://${ip}${separator}${this.#connection[`${name}_port`]}`;
    for (const [name, socket] of Object.entries(sockets)) await socket.bind(address(name));
    this.#control = new Worker(path.join(__dirname, "control.cjs"), {
      workerData: {
        connection: this.#connection,
        address: { hb: address("hb"), control: address("control") },
        info: this.#kernel.info(),
        shared: this.#kernel.interrupts.shared,
      },
    });
    this.#control.on("message", (message) => this.#fromControl(message));
    void forEachMessage(sockets.stdin, (frames) => {
      this.#answers.shift()?.(parseMessage(frames, this.#connection.key).content.value);
    });
    // One request after the other: a cell that awaits must not overlap with the next one.
    void forEachMessage(sockets.shell, (frames) => {
      const received = Date.now();
      this.#queue = this.#queue.then(() => this.#serve(sockets.shell, frames, received));
    });
  }

  #fromControl({ type, header, reason }) {
    if (type === "refused") console.error(`kernel: ${reason}`);
    if (type === "interrupt" && this.#kernel.interrupts.answer()) this.#kernel.interrupt();
    if (type === "served")
      for (const execution_state of ["busy", "idle"])
        this.#publish("status", { execution_state }, { header });
    if (type === "shutdown") this.#shutdown();
  }

  async #serve(socket, frames, received) {
    let request;
    try {
      request = parseMessage(frames, this.#connection.key);
    } catch (error) {
      console.error(`kernel: ${error.message}`);
      return;
    }
    this.#latest = request;
    const type = request.header.msg_type;
    this.#publish("status", { execution_state: "busy" }, request);
    let content;
    try {
      content = await this.#answer(type, request, received);
    } catch (error) {
      content = { status: "error", ename: error.name, evalue: error.message, traceback: [] };
    }
    if (content) this.#send(socket, type.replace(/_request$/, "_reply"), content, request);
    this.#publish("status", { execution_state: "idle" }, request);
    if (type === "shutdown_request") this.#shutdown();
  }

  /** The content of the reply; nothing for messages that need none. */
  async #answer(type, request, received) {
    const { content } = request;
    switch (type) {
      case "execute_request":
        return this.#execute(request, received);
      case "kernel_info_request":
        return this.#kernel.info();
      case "complete_request":
        return this.#kernel.complete(content);
      case "inspect_request":
        return this.#kernel.inspect(content);
      case "is_complete_request":
        return this.#kernel.isComplete(content);
      case "comm_info_request":
        return { status: "ok", comms: this.#kernel.comms.list(content.target_name) };
      case "comm_open":
      case "comm_msg":
      case "comm_close":
        await this.#kernel.receive(type, content, request.buffers);
        return undefined;
      case "history_request":
        return { status: "ok", history: [] };
      case "shutdown_request":
        return { status: "ok", restart: content.restart };
      default:
        return undefined;
    }
  }

  async #execute(request, received) {
    if (received <= this.#abortedUntil) return { status: "aborted" };
    const { code, silent, stop_on_error: stopOnError = true } = request.content;
    const number = silent ? 0 : ++this.#count;
    if (!silent) this.#publish("execute_input", { code, execution_count: number }, request);
    const output = new Output((type, content) => this.#publish(type, content, request));
    const ask = (prompt, password) => this.#ask(request, prompt, password);
    const failure = await this.#kernel.execute(code, output, ask, number);
    output.flush();
    if (!failure) {
      const empty = { user_expressions: {}, payload: [] };
      return { status: "ok", execution_count: this.#count, ...empty };
    }
    this.#publish("error", failure, request);
    if (stopOnError) {
      await new Promise((resolve) => setTimeout(resolve, IN_FLIGHT_MS));
      this.#abortedUntil = Date.now();
    }
    return { status: "error", execution_count: this.#count, ...failure };
  }

  /** Asks the client of a request for a line of text. */
  #ask(request, prompt, password) {
    if (!request.content.allow_stdin)
      return Promise.reject(
        new Error("Nobody can answer here: `input()` needs a notebook that is open in a browser."),
      );
    this.#send(this.#sockets.stdin, "input_request", { prompt, password }, request);
    return new Promise((resolve) => this.#answers.push(resolve));
  }

  #publish(type, content, parent, metadata, buffers) {
    const message = { type, content, parent, identities: [type], metadata, buffers };
    void this.#sockets.iopub.send(buildFrames(message, this.#connection.key));
  }

  #send(socket, type, content, parent) {
    const message = { type, content, parent, identities: parent.identities };
    void socket.send(buildFrames(message, this.#connection.key));
  }

  #shutdown() {
    for (const socket of Object.values(this.#sockets)) socket.close();
    this.#control.postMessage("close");
    // A loop that was left running must not keep the process; what was sent needs a moment to go.
    setTimeout(() => process.kill(process.pid, "SIGKILL"), IN_FLIGHT_MS);
  }
}

async function forEachMessage(socket, handle) {
  for await (const frames of socket) void handle(frames);
}

module.exports = { Server };
