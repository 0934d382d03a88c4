"use strict";
// The one place that knows how tslab is laid out inside, hence its exact pin in package.json. The
// kernel keeps its name, its ZeroMQ and its display functions (`import { display } from "tslab"`),
// through which our library draws as well; cells are compiled and run by us.
const { createRequire } = require("node:module");
const path = require("node:path");

const manifest = require.resolve("tslab/package.json");
const jupyter = require(path.join(path.dirname(manifest), "dist/jupyter.js"));

module.exports = {
  version: require("tslab/package.json").version,
  zmq: createRequire(manifest)("zeromq"),
  /** Where displays go from now on: `write(bundle, update)`. */
  showThrough(write) {
    jupyter.lastWriteDisplayData = write;
  },
};
