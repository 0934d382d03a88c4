// The kernel knows tslab's inside in one file. When tslab moves, this says what to mend there.
import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "./kernel/kernel";

const folder = path.join(root, "scripts/kernel");
const tslab = require(path.join(folder, "tslab.cjs")) as {
  version: string;
  zmq: Record<string, unknown>;
  showThrough(write: (bundle: { data: Record<string, string> }, update: boolean) => void): void;
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

test("its display functions write through lastWriteDisplayData, read at call time", () => {
  const shown: unknown[] = [];
  tslab.showThrough(({ data }, update) => shown.push(data, Boolean(update)));
  const { display } = require("tslab") as { display: { html(text: string): void } };
  display.html("<b>bold</b>");
  expect(shown).toEqual([{ "text/html": "<b>bold</b>" }, false]);
});
