"use strict";
// What must be answered while a cell computes: the heartbeat, and the control channel's interrupt and
// shutdown. A thread of its own, with these two sockets.
const { parentPort, workerData } = require("node:worker_threads");
const { buildFrames, parseMessage } = require("./messages.cjs");
const { Interrupts } = require("./interrupts.cjs");
const { zmq } = require("./tslab.cjs");

const { connection, address, info, shared } = workerData;
const kernel = /** @type {import("node:worker_threads").MessagePort} */ (parentPort);
const interrupts = new Interrupts(shared);
const PATIENCE_MS = 1500; // time for the kernel to end by itself
const POLITE_MS = 100; // time for a cell that waits to be stopped where it waits

async function main() {
  const sockets = { hb: new zmq.Reply(), control: new zmq.Router({ sendTimeout: 0 }) };
  for (const [name, socket] of Object.entries(sockets)) await socket.bind(address[name]);
  kernel.on("message", () => {
    for (const socket of Object.values(sockets)) socket.close();
    kernel.close();
  });
  kernel.postMessage({ type: "listening" });
  void (async () => {
    for await (const frames of sockets.hb) await sockets.hb.send(frames);
  })();
  for await (const frames of sockets.control) {
    let request;
    try {
      request = parseMessage(frames, connection.key);
    } catch (error) {
      kernel.postMessage({ type: "refused", reason: error.message });
      continue;
    }
    const type = request.header.msg_type;
    const content = answer(type, request.content);
    const reply = {
      type: type.replace(/_request$/, "_reply"),
      content,
      parent: request,
      identities: request.identities,
    };
    if (content) await sockets.control.send(buildFrames(reply, connection.key));
    kernel.postMessage({ type: "served", header: request.header });
    if (type === "shutdown_request") end();
  }
}

function answer(type, content) {
  switch (type) {
    case "interrupt_request":
      interrupt();
      return { status: "ok" };
    case "shutdown_request":
      return { status: "ok", restart: content.restart };
    case "kernel_info_request":
      return info;
    default:
      return undefined;
  }
}

/** A message stops a cell that waits; one that computes does not hear it, and Node stops it at a SIGINT. */
function interrupt() {
  interrupts.ask();
  kernel.postMessage({ type: "interrupt" });
  const timer = setInterval(() => {
    if (!interrupts.asked) clearInterval(timer);
    else if (interrupts.computing) process.kill(process.pid, "SIGINT");
  }, POLITE_MS);
}

function end() {
  kernel.postMessage({ type: "shutdown" });
  setTimeout(() => process.kill(process.pid, "SIGKILL"), PATIENCE_MS);
}

void main();
