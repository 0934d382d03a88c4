"use strict";
// Starts the TypeScript kernel of the notebooks. Jupyter runs it (see install.mjs) as
//   node launch.cjs --config-path <connection file>
const fs = require("node:fs");
const { describe, tellPlaces } = require("./errors.cjs");
const { Kernel } = require("./kernel.cjs");
const { Server } = require("./server.cjs");

/** What the process prints goes to the running cell, or the latest. */
function redirect(kernel) {
  for (const name of ["stdout", "stderr"]) {
    process[name].write = (chunk, encoding, done) => {
      kernel.output?.write(name, chunk, typeof encoding === "string" ? encoding : undefined);
      const callback = typeof encoding === "function" ? encoding : done;
      if (callback) process.nextTick(callback);
      return true;
    };
    // A terminal behind Jupyter is not where cells print: no colours, no cursor movements.
    Object.defineProperty(process[name], "isTTY", { value: false });
  }
}

/** A cell must not end the process, and with it the session, without a word. */
function refuseExit() {
  process.exit = () => {
    throw new Error(
      "process.exit() would end the kernel and lose all variables: leave it out, or use Kernel → Shut Down Kernel.",
    );
  };
}

/** A server that was killed cannot shut its kernels down: end with it. */
function endWithParent() {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || process.kill(process.pid, "SIGKILL"), 1000).unref();
}

const configPath = process.argv[process.argv.indexOf("--config-path") + 1];
tellPlaces();
const kernel = new Kernel(process.cwd());

process.on("SIGINT", () => kernel.interrupt());
process.on("uncaughtException", (error) => console.error(describe(error)));
process.on("unhandledRejection", (reason) => console.error("Not awaited:", describe(reason)));

redirect(kernel);
refuseExit();
endWithParent();
void new Server(JSON.parse(fs.readFileSync(configPath, "utf8")), kernel)
  .listen()
  .then(() => kernel.warm());
