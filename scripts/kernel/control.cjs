"use strict";
// What must be answered while a cell computes: the heartbeat, and the control channel's interrupt and
// shutdown. A thread of its own, with these two sockets.
const { parentPort, workerData } = require("node:worker_threads");
const { buildFrames, parseMessage } = require("./messages.cjs");
const { zmq } = require("./tslab.cjs");

const { connection, address, info } = workerData;
const PATIENCE_MS = 1500; // time for the kernel to end by itself

async function main() {
  const sockets = { hb: new zmq.Reply(), control: new zmq.Router({ sendTimeout: 0 }) };
  for (const [name, socket] of Object.entries(sockets)) await socket.bind(address[name]);
  parentPort.on("message", () => {
    for (const socket of Object.values(sockets)) socket.close();
    parentPort.close();
  });
  parentPort.postMessage({ type: "listening" });
  void (async () => {
    for await (const frames of sockets.hb) await sockets.hb.send(frames);
  })();
  for await (const frames of sockets.control) {
    let request;
    try {
      request = parseMessage(frames, connection.key);
    } catch (error) {
      parentPort.postMessage({ type: "refused", reason: error.message });
      continue;
    }
    const type = request.header.msg_type;
    const content = answer(type, request.content);
    const reply = { type: type.replace(/_request$/, "_reply"), content, parent: request, identities: request.identities };
    if (content) await sockets.control.send(buildFrames(reply, connection.key));
    parentPort.postMessage({ type: "served", header: request.header });
    if (type === "shutdown_request") end();
  }
}

function answer(type, content) {
  switch (type) {
    case "interrupt_request":
      process.kill(process.pid, "SIGINT");
      return { status: "ok" };
    case "shutdown_request":
      return { status: "ok", restart: content.restart };
    case "kernel_info_request":
      return info;
    default:
      return undefined;
  }
}

function end() {
  parentPort.postMessage({ type: "shutdown" });
  setTimeout(() => process.kill(process.pid, "SIGKILL"), PATIENCE_MS);
}

void main();
