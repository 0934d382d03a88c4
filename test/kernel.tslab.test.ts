// The kernel knows tslab's inside in one file. When tslab moves, this says what to mend there.
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "./kernel/kernel";

const folder = path.join(root, "scripts/kernel");
const tslab = require(path.join(folder, "tslab.cjs")) as {
  version: string;
  zmq: Record<string, unknown>;
};

test("only tslab.cjs reaches into the package", () => {
  const reaches = (name: string) =>
    /tslab\/|dist\/|"zeromq"/.test(fs.readFileSync(path.join(folder, name), "utf8"));
  expect(fs.readdirSync(folder).filter(reaches)).toEqual(["tslab.cjs"]);
});

test("it is the version that was looked into", () => {
  expect(tslab.version).toBe("1.0.22");
});

test("its ZeroMQ has the sockets of a kernel", () => {
  for (const name of ["Publisher", "Router", "Reply"])
    expect(typeof tslab.zmq[name]).toBe("function");
});

test("its display functions write through us, without the TypeScript of its kernel", () => {
  // A process of its own: Jest keeps modules in another place than Node.
  const script = `
    const tslab = require(${JSON.stringify(path.join(folder, "tslab.cjs"))});
    const loaded = () => Object.keys(require.cache).some((file) => /typescript\\.js$/.test(file));
    const shown = [loaded()];
    for (const name of ["first", "second"]) {
      tslab.showThrough(({ data }, update) => shown.push([name, data, Boolean(update)]));
      require("tslab").display.html("<b>bold</b>");
    }
    console.log(JSON.stringify(shown));`;
  const told = execFileSync(process.execPath, ["-e", script], { cwd: root, encoding: "utf8" });
  const data = { "text/html": "<b>bold</b>" };
  expect(JSON.parse(told)).toEqual([false, ["first", data, false], ["second", data, false]]);
});
