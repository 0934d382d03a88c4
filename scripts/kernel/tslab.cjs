"use strict";
// The one place that knows how tslab is laid out inside, hence its exact pin in package.json. The
// kernel keeps its name, its ZeroMQ and its display functions (`import { display } from "tslab"`),
// through which our library draws as well; cells are compiled and run by us.
const { createRequire, Module } = require("node:module");
const path = require("node:path");

const manifest = require.resolve("tslab/package.json");

// The module that tslab's display functions write through. It is tslab's whole kernel, which would
// load a TypeScript of its own (45 MB, .2 s), so that an empty one stands in its place.
const jupyter = new Module(path.join(path.dirname(manifest), "dist/jupyter.js"));
jupyter.exports = { __esModule: true, lastWriteDisplayData: null };
jupyter.loaded = true;
require.cache[jupyter.id] = jupyter;

module.exports = {
  version: require("tslab/package.json").version,
  zmq: createRequire(manifest)("zeromq"),
  /** Where displays go from now on: `write(bundle, update)`. */
  showThrough(write) {
    jupyter.exports.lastWriteDisplayData = write;
  },
};
