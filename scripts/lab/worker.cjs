"use strict";
// The process that runs a submission's cells, within walls. It is told what to do over the pipe of
// wire.cjs and answers with numbers; whether they are right is judged elsewhere, where nothing is
// believed that comes from here.
//   node worker.cjs '{"rooms": [paths of the library's rooms], "probe": path}'
const nodesOwn = Reflect.ownKeys(globalThis);
const path = require("node:path");
const vm = require("node:vm");
const { journal } = require("./journal.cjs");
const { receive, send } = require("./walls/wire.cjs");

const { rooms, probe } = JSON.parse(process.argv[2]);
/** The library, by room: `layers.lstm`. */
const spaces = Object.fromEntries(
  rooms.map((room) => [path.basename(path.dirname(room)), require(room)]),
);
const library = Object.assign({}, ...Object.values(spaces));
const { matrixOf, probeModel, vectorOf } = require(probe);
const { fit, predict, seedEverything } = library;
library.recurrentKernel();
const { begin, input, modelOf } = journal(library.tf);
/** What cells get as `tf`: their inputs are noted. */
const tf = { ...library.tf, input, layers: { ...library.tf.layers, input } };

// Taken before any cell runs.
const { apply, deleteProperty } = Reflect;
const exit = process.exit.bind(process);
const { stringify } = JSON;
const { slice } = String.prototype;
const [asText, asNumber] = [String, Number];
const [Floats, Integers] = [Float32Array, Int32Array];
const { tensor } = library.tf;

/** What cells declare. Compiled imports define getters, which cells may then assign to. */
const values = { __proto__: null };
/** @type {ProxyHandler<any> & { __proto__: null }} */
const handler = {
  __proto__: null,
  defineProperty(target, name, { get, value }) {
    target[name] = get ? get() : value;
    return true;
  },
};
const scope = new Proxy(values, handler);

const nothing = () => {};

/** A cell's world is JavaScript itself, timers and texts; of Node's own nothing is left. */
const kept = [
  ...vm.runInNewContext("Object.getOwnPropertyNames(globalThis)"),
  ...["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "structuredClone"],
  ...["clearTimeout", "clearInterval", "clearImmediate", "performance", "global", "Buffer"],
  ...["TextDecoder", "TextEncoder", "URL", "AbortController", "AbortSignal"],
];

function clearWorld() {
  // What a cell prints is dropped.
  const stream = { write: () => true, on: nothing, once: nothing, isTTY: false, columns: 80 };
  const listening = ["on", "once", "off", "emit", "removeListener", "removeAllListeners"];
  const { env, hrtime, memoryUsage, nextTick, pid, platform, version, versions } = process;
  const stub = {
    ...Object.fromEntries(listening.map((name) => [name, nothing])),
    rawListeners: () => [],
    listeners: () => [],
    cwd: () => "/",
    env: { ...env },
    argv: [],
    stdout: stream,
    stderr: stream,
    hrtime,
    memoryUsage,
    nextTick,
    pid,
    platform,
    version,
    versions,
  };
  const silent = Object.fromEntries(Object.keys(console).map((name) => [name, nothing]));
  for (const name of nodesOwn) {
    if (typeof name === "string" && !kept.includes(name)) deleteProperty(globalThis, name);
  }
  deleteProperty(globalThis, "WebAssembly");
  const settings = { writable: true, configurable: true };
  Object.defineProperty(globalThis, "process", { value: stub, ...settings });
  Object.defineProperty(globalThis, "console", { value: silent, ...settings });
}

/** Functions of these names that do nothing. */
const silenced = (names) =>
  Object.fromEntries(
    Object.entries(names).map(([name, inner]) => [
      name,
      inner === true ? nothing : silenced(inner),
    ]),
  );

let packages = { __proto__: null };
function requireInCell(name) {
  if (typeof name === "string" && name in packages) return packages[name];
  throw new Error(`the package "${name}" is not part of the lab`);
}

/** Numbers and their shape as they travel: copies, since a cell may hold them however it likes. */
function plain(given) {
  if (!given) return null;
  const Kind = given.data instanceof Integers ? Integers : Floats;
  const shape = new Integers(given.shape.length);
  for (let i = 0; i < shape.length; i++) shape[i] = asNumber(given.shape[i]);
  return { __proto__: null, data: copy(given.data, Kind), shape };
}

/** More than the pipe carries. */
const MOST_NUMBERS = 16e6;

function copy(data, Kind) {
  if (data.length > MOST_NUMBERS) throw new Error("the answer is far too large.");
  const numbers = new Kind(data.length);
  for (let i = 0; i < numbers.length; i++) numbers[i] = asNumber(data[i]);
  return numbers;
}

const operations = {
  __proto__: null,
  /**
   * Gets ready. `given`: what functions of the library return here; `silent`: names of all functions,
   * of which those that are not here, since they show something or answer an item, do nothing;
   * `seed` of random numbers.
   */
  load({ given, silent, seed }) {
    const own = Object.entries(given).map(([name, value]) => [name, async () => value]);
    const starlit = {
      ...silenced(silent),
      ...library,
      ...spaces,
      ...Object.fromEntries(own),
      tf,
    };
    packages = { __proto__: null, starlit, "@tensorflow/tfjs-node-gpu": tf };
    seedEverything(seed);
    clearWorld();
  },
  /** What is made from now on belongs to another item. */
  begin,
  async run({ code, awaits }) {
    const start = awaits
      ? "(async function (exports, require) { "
      : "(function (exports, require) { ";
    await vm.runInThisContext(`${start}${code}\n})`)(scope, requireInCell);
  },
  /** Gives a model these weights in place of its first ones. */
  set({ name, weights }) {
    const given = weights.map(({ data, shape }) => tensor(data, shape));
    const own = values[name].getWeights();
    values[name].setWeights([...given, ...own.slice(given.length)]);
  },
  matrix({ name }, answer) {
    answer.value = plain(matrixOf(values[name]));
  },
  vector({ name }, answer) {
    const numbers = vectorOf(values[name]);
    answer.value = numbers && copy(numbers, Floats);
  },
  /** Anything plain, as the text of its JSON. */
  json({ name }, answer) {
    answer.value = stringify(values[name]) ?? "null";
  },
  model({ name }, answer) {
    answer.value = modelOf(values[name]);
  },
  /** What a model computes with the weights and reviews of a seed. */
  async probe({ name, seed }, answer) {
    const { weights, features, outputs } = await probeModel(values[name], seed);
    const shapes = weights.map((shape) => copy(shape, Integers));
    const measured = { features: plain(features), outputs: plain(outputs) };
    answer.value = { __proto__: null, shapes, ...measured };
  },
  /** Trains for a moment, and predicts reviews whose labels are not here. */
  async learn({ name, examples, unseen, options }, answer) {
    await fit(values[name], examples, { ...options, progress: false });
    answer.value = plain(await predict(values[name], unseen));
  },
};

/** An error in words; a cell may throw anything. */
function wordsOf(error) {
  const words = (read) => {
    try {
      return apply(slice, asText(read()), [0, 1000]);
    } catch {
      return "";
    }
  };
  const isObject = typeof error === "object" && error !== null;
  return {
    __proto__: null,
    name: words(() => (isObject ? (error.name ?? "") : "")),
    message: words(() => (isObject ? (error.message ?? "") : error)),
  };
}

async function main() {
  // A cell that waits for what never comes is one that does not end.
  setInterval(nothing, 1e9);
  for (let message = receive(); message; message = receive()) {
    // What is answered stays in here: on its way through a promise a cell could reach it.
    const answer = { __proto__: null, ok: false, value: null, error: null };
    await serve(message, answer);
    send(answer);
  }
  exit(0);
}

async function serve({ operation, ...rest }, answer) {
  try {
    await operations[operation](rest, answer);
    answer.ok = true;
  } catch (error) {
    answer.error = wordsOf(error);
  }
}

// What a cell leaves behind must not end the process: the cell itself has been answered for.
process.on("uncaughtException", nothing);
process.on("unhandledRejection", nothing);
void main();
