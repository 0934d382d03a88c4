"use strict";
// Judges this lab's items, outside the process in which a submission runs.
//
// An item is a dialogue with that process, a generator: `yield` asks for something and returns the
// answer. What can be asked:
//   { set: variable, weights: [{ data, shape }] }   gives a model these as its first weights
//   { run: true }                                    runs the item's cell
//   { matrix | vector | json: variable }             numbers, or plain data; null where it is none
//   { model: variable }                              how a model was made; see scripts/lab/journal.cjs
//   { probe: variable, seed }                        what a model computes; where it can't be rebuilt
//   { learn: variable, examples, unseen, options }   predictions of a model after a training
// An answer is what a hostile cell chose to answer, so nothing is taken from it but numbers that are
// hard to have without the right code: of reviews and weights that are made up for each attempt, or
// whose labels never get there.
const path = require("node:path");

const judgePart = (name) =>
  require(path.join(__dirname, "../../lib/dist/studies/lab/judge", `${name}.js`));
const { judgeDistances, judgeLearning, judgeModel, judgePadding } = judgePart("judge");
const { probeModel, probeWeights, wrappedFault } = judgePart("probe");
const { labModelTasks } = judgePart("check");

/** A small part of the reviews, so that eighty submissions take minutes. */
const ROWS = { train: 2000, test: 500, unseen: 1000 };

/**
 * Loaded once a call, where the data are at hand.
 *
 * @param {object} starlit the library
 * @returns {Promise<{ given: object, kept: object, banner?: string }>} `given`: what functions of
 *   the library return to a submission; `kept`: for the judge alone; both are plain data
 */
async function load(starlit) {
  const { lab, padSequences } = starlit;
  const { topWords, indexFrom, embeddingDim, maxReviewLength } = lab.published.parameters;
  const imdb = await starlit.loadKerasImdb({ numWords: topWords, indexFrom });
  const { train } = take(imdb.train, { train: ROWS.train });
  const { test, unseen } = take(imdb.test, { test: ROWS.test, unseen: ROWS.unseen });
  const padded = ({ sequences }) => padSequences(sequences, { maxlen: maxReviewLength });
  const { fingerprint, source, standIn, banner, wordIndex } = imdb;
  return {
    banner,
    given: { loadKerasImdb: { fingerprint, source, standIn, banner, train, test, wordIndex } },
    kept: {
      reviews: { train: train.sequences, test: test.sequences },
      great: wordIndex.get("great") + indexFrom,
      table: [topWords, embeddingDim],
      examples: { x: padded(train), y: train.labels },
      unseen: { x: padded(unseen), labels: Array.from(unseen.labels.data) },
    },
  };
}

/** Takes rows, half of them good, half bad, from the front; no row twice. */
function take({ sequences, labels, reviewIds }, sizes) {
  const places = [0, 1].map((label) =>
    [...labels.data.keys()].filter((place) => labels.data[place] === label),
  );
  const parts = Object.entries(sizes).map(([name, size]) => {
    const chosen = places.flatMap((rows) => rows.splice(0, size / 2)).sort((a, b) => a - b);
    return [
      name,
      {
        sequences: chosen.map((place) => sequences[place]),
        labels: { data: Float32Array.from(chosen, (place) => labels.data[place]), shape: [size] },
        reviewIds: chosen.map((place) => reviewIds[place]),
      },
    ];
  });
  return Object.fromEntries(parts);
}

/**
 * The items.
 *
 * @param {{ starlit: object, kept: object, rebuild: (made: object) => object | null }} means
 * @returns {Record<string, (seed: number) => AsyncGenerator>} each ends with its findings
 */
function items({ starlit, kept, rebuild }) {
  const { fit, predict } = starlit;

  async function* padding() {
    yield { run: true };
    const train = matrix(yield { matrix: "trainX" });
    const test = matrix(yield { matrix: "testX" });
    return judgePadding(kept.reviews, { train, test });
  }

  async function* distances(seed) {
    // Distances from made-up vectors, so that none can be known beforehand.
    const [table] = probeWeights([kept.table], seed);
    yield { set: "meanModel", weights: [table] };
    yield { run: true };
    const given = yield { vector: "distances" };
    const numbers = given instanceof Float32Array ? Array.from(given) : null;
    return judgeDistances(table, kept.great, numbers);
  }

  const modelItem = (item, name, least) =>
    async function* (seed) {
      yield { run: true };
      const made = yield { model: name };
      if (made.api === "none") throw new Error("it is not a model.");
      if (made.api === "wrapped") throw new Error(wrappedFault);
      const model = rebuild(made);
      const probe = model ? await probeModel(model, seed) : checked(yield { probe: name, seed });
      const findings = judgeModel(labModelTasks[item], { ...probe, api: made.api }, seed);
      const [api] = findings;
      if (api.passed && !made.own) {
        Object.assign(api, { passed: false, why: "The model is not built by this item's own code." });
      }
      if (least === undefined) return findings;
      const { examples, unseen } = kept;
      const request = { learn: name, examples, unseen: unseen.x, options };
      const reached = model ? await learned(model, made) : accuracy(matrix(yield request));
      return [...findings, judgeLearning(reached, least)];
    };

  const options = {
    epochs: 3,
    batchSize: 32,
    seed: 1,
    loss: "binaryCrossentropy",
    optimizer: { learningRate: 0.005 },
  };

  /** What models have learned, by all that they are made of: equal ones are trained once. */
  const known = new Map();

  async function learned(model, { calls }) {
    try {
      if (isHuge(model)) return NaN;
      const layers = model.layers.map((layer) => [layer.getClassName(), withoutName(layer)]);
      const key = JSON.stringify([calls, layers]);
      if (!known.has(key)) known.set(key, accuracy(await trained(model)));
      return known.get(key);
    } finally {
      model.dispose();
    }
  }

  async function trained(model) {
    try {
      await fit(model, kept.examples, { ...options, progress: false });
      return await predict(model, kept.unseen.x);
    } catch {
      return null; // a loss that is no number, an output of another shape
    }
  }

  /** Share of unseen reviews that are predicted right; NaN where there are no predictions. */
  function accuracy(predictions) {
    const { labels } = kept.unseen;
    if (predictions?.data.length !== labels.length) return NaN;
    const right = labels.filter((label, i) => Number(predictions.data[i] > 0.5) === label);
    return right.length / labels.length;
  }

  return {
    "01": padding,
    "02": modelItem("02", "meanModel", 0.7),
    "03": modelItem("03", "meanModelFunctional"),
    "04": distances,
    // Ten trainings from other seeds: 0.80 to 0.82 for the mean, 0.68 to 0.76 for the LSTM (on the
    // stand-in more); chance is 0.5.
    "05": modelItem("05", "lstmModel", 0.6),
    "06": modelItem("06", "lstmModelFunctional"),
  };
}

/** More weights behind the table than twice an LSTM of 128 units: its training would take minutes. */
const isHuge = (model) => model.countParams() - size(model.weights[0].shape) > 200_000;

const withoutName = (layer) => ({ ...layer.getConfig(), name: undefined });

const size = (shape) => shape.reduce((a, b) => a * b, 1);

/** Numbers as they came from a submission, if they are what they say; else `null`. */
function matrix(value) {
  const { data, shape } = value ?? {};
  const isNumbers = data instanceof Float32Array || data instanceof Int32Array;
  if (!isNumbers || !(shape instanceof Int32Array)) return null;
  return size(shape) === data.length ? { data, shape: Array.from(shape) } : null;
}

/** The probe of a model that has layers of the student's own, if it is one that can be judged. */
function checked(value) {
  const [features, outputs] = [matrix(value?.features), matrix(value?.outputs)];
  const shapes = Array.isArray(value?.shapes) ? value.shapes : [];
  const known = shapes.length > 0 && shapes.every((shape) => shape instanceof Int32Array);
  if (!features || !outputs || !known || shapes.length > 100 || features.shape.length === 0)
    throw new Error("it could not be measured.");
  const weights = shapes.map((shape) => Array.from(shape));
  const all = weights.reduce((sum, shape) => sum + size(shape), 0);
  if (weights.flat().some((length) => !(length > 0)) || !(all <= 5e6))
    throw new Error("it could not be measured.");
  return { weights, features, outputs };
}

module.exports = { load, items };
