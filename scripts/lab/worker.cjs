"use strict";
// The process that runs a submission's code. It is told what to do on descriptor 3, a line at a time,
// and answers there with numbers; whether they are right is judged by the grader, which trusts
// nothing that comes from here.
//   node worker.cjs PROJECT
const fs = require("node:fs");
const net = require("node:net");
const path = require("node:path");
const vm = require("node:vm");
const { decode, encode } = require("./wire.cjs");

const project = process.argv[2];
const starlit = loadStarlit();
const { matrixOf, probeModel, probeWeights, vectorOf } = require(
  path.join(project, "lib/dist/studies/lab/judge/probe.js"),
);
const { fit, predict, seedEverything, tf } = starlit;

/** Names of the library's lab that answer an item outright; a submission does not get them. */
const answers = [
  ...["meanModel", "lstmModel", "gruModel", "attentionModel"],
  ...["examples", "load", "run", "nearestRows"],
];

const without = (names, room) =>
  Object.fromEntries(Object.entries(room).filter(([name]) => !names.includes(name)));

/** The library finds the project's folder by two others in it, which must not be read from here. */
function loadStarlit() {
  const { existsSync } = fs;
  const known = ["notebooks", "lib"].map((name) => path.join(project, name));
  fs.existsSync = (file) => {
    try {
      return existsSync(file);
    } catch {
      return known.includes(file);
    }
  };
  const library = require(path.join(project, "lib/dist/index.js"));
  library.recurrentKernel();
  fs.existsSync = existsSync;
  return library;
}

/** What cells declare. Compiled imports define getters, which cells may then assign to. */
const values = {};
const scope = new Proxy(values, {
  defineProperty(target, name, { get, value }) {
    target[name] = get ? get() : value;
    return true;
  },
});

/** The models measured so far, and the variables that held them. */
const measured = [];

/** Refuses the model of one item for another; loops, since a submission may redefine methods. */
function checkOwn(name) {
  const model = values[name];
  for (let i = 0; i < measured.length; i++) {
    const { holder, held } = measured[i];
    if (held === model && holder !== name) throw new Error("it is the model of another item.");
  }
  measured[measured.length] = { holder: name, held: model };
}

let packages = {};
function requireInCell(name) {
  if (Object.hasOwn(packages, name)) return packages[name];
  throw new Error(`the package "${name}" is not part of the lab`);
}

const operations = {
  /** Gets ready: the data that `loadKerasImdb` will return. */
  load({ imdb, seed }) {
    const data = { ...imdb, wordIndex: new Map(imdb.wordIndex) };
    packages = {
      starlit: {
        ...without(["studies", "findStudy"], starlit), // they lead to the lab's trainings
        lab: without(answers, starlit.lab),
        report: { ...starlit.report, save() {} },
        loadKerasImdb: async () => data,
      },
      "@tensorflow/tfjs-node-gpu": tf,
    };
    seedEverything(seed);
  },
  async run({ code, awaits }) {
    const start = awaits
      ? "(async function (exports, require) { "
      : "(function (exports, require) { ";
    await vm.runInThisContext(`${start}${code}\n})`)(scope, requireInCell);
  },
  matrices: ({ names }) => names.map((name) => matrixOf(values[name])),
  vector({ name }) {
    const numbers = vectorOf(values[name]);
    return numbers && Float32Array.from(numbers);
  },
  probe({ name, seed }) {
    checkOwn(name);
    return probeModel(values[name], seed);
  },
  reweigh({ name, seed }) {
    const shapes = values[name].weights.map(({ shape }) => shape);
    const weights = probeWeights(shapes, seed).map(({ data, shape }) => tf.tensor(data, shape));
    values[name].setWeights(weights);
  },
  /** Trains for a moment, and predicts reviews whose labels are not here. */
  async learn({ name, examples, unseen, options }) {
    await fit(values[name], examples, { ...options, progress: false });
    return predict(values[name], unseen);
  },
};

/** An error as plain text; a submission may throw anything. */
function told(error) {
  try {
    return { name: String(error?.name ?? ""), message: String(error?.message ?? error) };
  } catch {
    return { name: "", message: "" };
  }
}

const line = new net.Socket({ fd: 3 });
let rest = [];
let queue = Promise.resolve();
line.on("data", (chunk) => {
  const pieces = chunk.toString("latin1").split("\n");
  rest.push(pieces[0]);
  for (const piece of pieces.slice(1)) {
    const text = Buffer.from(rest.join(""), "latin1").toString("utf8");
    rest = [piece];
    queue = queue.then(() => serve(text));
  }
});
line.on("end", () => process.exit(0));

async function serve(text) {
  const { id, operation, ...rest } = decode(text);
  let answer;
  try {
    answer = { id, ok: true, value: (await operations[operation](rest)) ?? null };
  } catch (error) {
    answer = { id, ok: false, error: told(error) };
  }
  line.write(encode(answer));
}

// What a cell leaves behind must not end the process: the cell itself has been answered for.
process.on("uncaughtException", () => {});
process.on("unhandledRejection", () => {});
