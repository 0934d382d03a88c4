"use strict";
// Tries, within walls, what a hostile submission would; the grader prints what it found.
const fs = require("node:fs");
const net = require("node:net");
const os = require("node:os");
const { spawnSync } = require("node:child_process");
const { receive, send } = require("./wire.cjs");

/** Whether an attempt succeeds. */
function can(attempt) {
  try {
    return attempt() !== false;
  } catch {
    return false;
  }
}

function makeFile(name) {
  fs.closeSync(fs.openSync(name, "a"));
  fs.unlinkSync(name);
}

const connects = (target) =>
  new Promise((resolve) => {
    try {
      const socket = net.connect(target);
      socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
      setTimeout(() => resolve(false), 2000).unref();
    } catch {
      resolve(false);
    }
  });

const operations = {
  /** `files`: some of the machine's; `port`, `socket`: where the grader listens; `pid`: its own. */
  async attempts({ files, folder, port, socket, pid, variable }) {
    const network = await Promise.all([connects({ port, host: "127.0.0.1" }), connects(socket)]);
    const places = [folder, os.tmpdir(), "/dev/shm", "/"];
    return {
      read: files.some((file) => can(() => fs.readFileSync(file))),
      list: can(() => fs.readdirSync(folder).length > 0),
      write: places.some((place) => can(() => makeFile(`${place}/starlit-walls`))),
      start: can(() => spawnSync(process.execPath, ["--version"]).status === 0),
      connect: network.includes(true),
      see: can(() => process.kill(pid, 0)) || can(() => fs.readFileSync(`/proc/${pid}/stat`)),
      change: can(() => process.setgroups?.([])) || can(() => process.setuid?.(1)),
      environment: process.env[variable] !== undefined,
    };
  },
  async memory() {
    const hoard = [];
    for (;;) hoard.push(Buffer.alloc(1e7, 1));
  },
  async time() {
    for (;;);
  },
};

async function main() {
  for (let message = receive(); message; message = receive()) {
    send({ ok: true, value: await operations[message.operation](message) });
  }
  process.exit(0);
}
void main();
