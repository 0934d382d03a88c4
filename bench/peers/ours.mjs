// The rows in our library: the step that `fit` makes, from typed arrays to the loss as a number.
import fs from "node:fs";
import { createRequire } from "node:module";
import { loadWeights, material, matrixPeak, serve, timed } from "./protocol.mjs";

const require = createRequire(import.meta.url);
const starlit = require("starlit");
const engine = require("starlit/dist/engine/index");
const { takeRows } = require("starlit/dist/engine/arrays");
const { toTensor } = require("starlit/dist/training/examples");
const { lossNamed } = require("starlit/dist/training/losses");
const { tf, Adam, embedding, trainStep } = starlit;

function recurrentStack({ cell, activation, units }) {
  return units.map((width, i) => {
    const returnSequences = i < units.length - 1;
    return starlit[cell]({ units: width, activation, returnSequences });
  });
}

function recurrentModel(row) {
  const ids = tf.input({ shape: [row.steps], dtype: "int32" });
  const words = embedding({ inputDim: row.vocabulary, outputDim: row.embedding });
  const layers = [
    words,
    ...recurrentStack(row),
    tf.layers.dense({ units: 1, activation: "sigmoid" }),
  ];
  return tf.model({ inputs: ids, outputs: layers.reduce((x, layer) => layer.apply(x), ids) });
}

/** The study's own model, which masks padding in the LSTM too; attention gives it no weight. */
function attentionModel({ vocabulary, embedding, units }) {
  const options = { vocabularySize: vocabulary, embeddingDim: embedding, units: units[0] };
  return starlit.attention.classifier("lstm-attention", options);
}

const models = { recurrent: recurrentModel, attention: attentionModel, mlp };

function mlp({ widths }) {
  const model = tf.sequential();
  widths.slice(1).forEach((units, i) => {
    model.add(tf.layers.dense({ units, inputShape: i === 0 ? [widths[0]] : undefined }));
    model.add(tf.layers.leakyReLU({ alpha: 0.01 }));
    if (i > 0) model.add(tf.layers.batchNormalization({ epsilon: 1e-5 }));
  });
  return model;
}

let row, model, optimizer, loss, x, y, texts;
let done = 0;

function prepare(request) {
  row = request.row;
  const version = JSON.parse(
    fs.readFileSync(require.resolve("starlit/package.json"), "utf8"),
  ).version;
  if (process.env.BENCH_TIME_MAJOR) {
    const { cudnnKernel } = require("starlit/dist/engine/kernels/cudnn");
    engine.kernel().run = cudnnKernel({ timeMajor: true }).run;
  }
  const kernel = starlit.recurrentKernel();
  const answer = { version: `${version} (kernel ${kernel.name}, ${kernel.threads} threads)` };
  if (row.kind === "data") {
    texts = JSON.parse(fs.readFileSync(request.texts, "utf8"));
    return answer;
  }
  const given = material(tf, request);
  ({ x, y } = given);
  model = models[row.kind](row);
  loadWeights(tf, model, given.weights);
  optimizer = new Adam();
  loss = lossNamed(row.kind === "mlp" ? "meanSquaredError" : "binaryCrossentropy");
  return answer;
}

/** What `fit` does for a batch. */
function trainingStep() {
  return tf.tidy(() => {
    const start = (done++ * row.batch) % y.shape[0];
    const places = Array.from({ length: row.batch }, (_, i) => start + i);
    const mean = (yTrue, yPred) => loss(yTrue, yPred).mean();
    const xs = [toTensor(takeRows(x, places))];
    const result = trainStep(model, optimizer, mean, xs, toTensor(takeRows(y, places)));
    result.predictions.dataSync();
    return result.loss.dataSync()[0];
  });
}

async function steps({ count }) {
  if (row.kind === "data") {
    const made = [];
    const makeIds = row.method === "english" ? englishIds : tokenizerIds;
    const times = await timed(() => (made[0] = makeIds()), count);
    return { ...times, result: checksum(made[0]) };
  }
  const losses = [];
  const times = await timed(() => losses.push(trainingStep()), count);
  return { ...times, result: losses[0] };
}

function tokenizerIds() {
  const tokenizer = new starlit.Tokenizer({ numWords: row.numWords });
  tokenizer.fitOnTexts(texts);
  return starlit.padSequences(tokenizer.textsToSequences(texts), { maxlen: row.maxlen });
}

function englishIds() {
  const tokens = texts.map((text) => starlit.tokenizeEnglish(text, { lowerCase: true }));
  const vocabulary = starlit.buildVocabulary(tokens, { minFrequency: row.minimumCount });
  return starlit.padSequences(
    tokens.map((words) => vocabulary.encode(words.slice(0, row.maxlen))),
    { maxlen: row.maxlen, padding: "post" },
  );
}

/** Every id times its column from 1, summed: the same for all peers, if they make the same table. */
function checksum({ data, shape: [, columns] }) {
  return data.reduce((sum, id, i) => sum + id * ((i % columns) + 1), 0);
}

/** The recurrent layers alone, forward and backward. */
async function layer({ count }) {
  const stack = recurrentStack(row);
  const input = tf.variable(tf.randomNormal([row.batch, row.steps, row.embedding]));
  let shape = input.shape;
  for (const one of stack) {
    one.build(shape);
    shape = one.computeOutputShape(shape);
  }
  const weights = stack.flatMap((one) => one.trainableWeights.map((weight) => weight.read()));
  const once = () =>
    tf.tidy(() => {
      const forward = () => stack.reduce((value, one) => one.apply(value), input).sum();
      return void tf.variableGrads(forward, [input, ...weights]);
    });
  await timed(once, 2);
  const times = await timed(once, count);
  tf.dispose([input, ...weights]);
  return times;
}

/** Writes the texts of the data rows: the film reviews of the train folder. */
async function writeTexts({ file }) {
  const { reviews } = await starlit.loadImdbReviews({ standIn: false });
  const train = reviews.filter(({ split }) => split === "train").map(({ text }) => text);
  fs.writeFileSync(file, JSON.stringify(train));
  return { count: train.length };
}

/** The texts and labels of a study's parts, for all peers: the rows of seed 6, before anything is done. */
async function writeParts({ row: { study, model }, file, share }) {
  const some = (all) => all.slice(0, Math.ceil(share * all.length));
  const part = (texts, labels) => ({ texts: some(texts), labels: some(Array.from(labels)) });
  const parts = {};
  if (study === "lab") {
    const { reviews } = await starlit.loadImdbReviews({ standIn: false });
    for (const name of ["train", "test"]) {
      const shuffled = new starlit.Random(6).shuffle(reviews.filter(({ split }) => split === name));
      parts[name] = part(
        shuffled.map(({ text }) => text),
        shuffled.map(({ label }) => label),
      );
    }
    parts.validation = parts.test;
  } else if (study === "clothing") {
    const data = await starlit.clothing.prepare({ profile: "full", seed: 6 });
    for (const name of ["train", "validation", "test"]) {
      const { reviews, ratings } = data[name];
      parts[name] = part(
        reviews.map(({ text }) => text),
        ratings.map((rating) => rating - 1),
      );
    }
    parts.stopWords = [...starlit.englishStopWords];
  } else {
    const settings = starlit.attention.settingsOf(model, "full");
    const data = await starlit.attention.prepare(settings, {
      profile: "full",
      seed: 6,
      standIn: false,
    });
    for (const name of ["train", "validation", "test"]) {
      parts[name] = part(data[name].texts, data[name].y.data);
    }
  }
  fs.writeFileSync(file, JSON.stringify(parts));
  return {};
}

/** Ids of the parts, and the number of different ids. */
function tables(row, parts) {
  const names = ["train", "validation", "test"];
  if (row.tokens === "english") {
    const tokens = Object.fromEntries(
      names.map((name) => [
        name,
        parts[name].texts.map((text) => starlit.tokenizeEnglish(text, { lowerCase: true })),
      ]),
    );
    const vocabulary = starlit.buildVocabulary(tokens.train, {
      minFrequency: 5,
      specialTokens: ["PAD", "UNK"],
      unknownToken: "UNK",
    });
    const words = tokens.train.reduce((sum, { length }) => sum + length, 0);
    const maxlen = Math.floor(words / tokens.train.length);
    const padded = names.map((name) => {
      const ids = tokens[name].map((each) => vocabulary.encode(each.slice(0, maxlen)));
      return [name, starlit.padSequences(ids, { maxlen, padding: "post", truncating: "post" })];
    });
    return { x: Object.fromEntries(padded), vocabulary: vocabulary.size };
  }
  const cleaned = (text) => starlit.cleanText(starlit.removeStopWords(text));
  const textsOf = (name) => (row.clean ? parts[name].texts.map(cleaned) : parts[name].texts);
  const texts = Object.fromEntries(names.map((name) => [name, textsOf(name)]));
  const tokenizer = new starlit.Tokenizer({ numWords: row.vocabulary });
  tokenizer.fitOnTexts(texts.train);
  /** @type {[string, number[][]][]} */
  const ids = names.map((name) => [name, tokenizer.textsToSequences(texts[name])]);
  const longest = Math.max(...ids[0][1].map(({ length }) => length));
  const maxlen = row.length ?? longest;
  return {
    x: Object.fromEntries(ids.map(([name, all]) => [name, starlit.padSequences(all, { maxlen })])),
    vocabulary: row.vocabulary,
  };
}

function wholeModel(row, vocabularySize) {
  const { embedding: embeddingDim, units, classes } = row;
  if (row.attention) {
    const sizes = { vocabularySize, embeddingDim, units: units[0], classes };
    return starlit.attention.classifier("lstm-attention", sizes);
  }
  if (row.study === "lab") return starlit.lab.lstmModel();
  return starlit.clothing.lstm2({ units, dropout: row.dropout, vocabularySize });
}

const wholeLoss = { 1: "binaryCrossentropy", 3: "sparseCategoricalCrossentropy" };

/** A study from its texts to its test score. */
async function whole({ row, file }) {
  const parts = JSON.parse(fs.readFileSync(file, "utf8"));
  let score, epochs;
  const { ms } = await timed(async () => {
    const { x, vocabulary } = tables(row, parts);
    const rows = (name) => ({ x: x[name], y: parts[name].labels });
    starlit.seedEverything(6);
    const model = wholeModel(row, vocabulary);
    const { patience } = row;
    const byF1 = { monitor: "valF1", patience: row.epochs, restoreBestWeights: true };
    const byLoss = patience && { monitor: "valLoss", patience, restoreBestWeights: true };
    const history = await starlit.fit(model, rows("train"), {
      epochs: row.epochs,
      batchSize: row.batch,
      seed: 6,
      loss: wholeLoss[row.classes] ?? "sparseCategoricalCrossentropy",
      metrics: row.attention ? { f1: starlit.attention.curves.f1 } : { accuracy: "accuracy" },
      validation: rows("validation"),
      earlyStopping: row.attention ? byF1 : byLoss || undefined,
      progress: false,
    });
    epochs = history.seconds.length;
    const outputs = await starlit.predict(model, x.test);
    const said = starlit.attention.predictedLabels(outputs);
    const truth = parts.test.labels;
    score =
      row.score === "weightedF1"
        ? starlit.f1Score(truth, said, { average: "weighted" })
        : starlit.accuracyScore(truth, said);
  }, 1);
  return { ms, score, epochs };
}

await serve({
  whole,
  parts: writeParts,
  prepare,
  steps,
  layer,
  peak: () => matrixPeak(tf),
  texts: writeTexts,
});
