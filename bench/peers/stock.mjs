// The layers of TensorFlow.js as they come, with its own `trainOnBatch` and Adam.
import fs from "node:fs";
import { createRequire } from "node:module";
import { loadWeights, material, serve, timed } from "./protocol.mjs";

const require = createRequire(import.meta.url);
const { tf } = require("starlit"); // the same binding, none of our layers

let row, model, x, y;
let done = 0;

function prepare(request) {
  row = request.row;
  const given = material(tf, request);
  ({ x, y } = given);
  model = tf.sequential();
  model.add(
    tf.layers.embedding({
      inputDim: row.vocabulary,
      outputDim: row.embedding,
      inputLength: row.steps,
    }),
  );
  row.units.forEach((units, i) => {
    const returnSequences = i < row.units.length - 1;
    // The default is a hard sigmoid, which is another model (and slower still).
    model.add(tf.layers[row.cell]({ units, returnSequences, recurrentActivation: "sigmoid" }));
  });
  model.add(tf.layers.dense({ units: 1, activation: "sigmoid" }));
  loadWeights(tf, model, given.weights);
  model.compile({ optimizer: tf.train.adam(), loss: "binaryCrossentropy" });
  const file = require.resolve("@tensorflow/tfjs-layers/package.json");
  return { version: JSON.parse(fs.readFileSync(file, "utf8")).version };
}

async function trainingStep() {
  const start = (done++ * row.batch) % y.shape[0];
  const slice = ({ data, shape: [, width] }) =>
    data.slice(start * width, (start + row.batch) * width);
  const inputs = tf.tensor2d(slice(x), [row.batch, row.steps], "int32");
  const targets = tf.tensor2d(slice(y), [row.batch, 1]);
  const loss = await model.trainOnBatch(inputs, targets);
  tf.dispose([inputs, targets]);
  return loss;
}

async function steps({ count }) {
  const losses = [];
  const times = await timed(async () => losses.push(await trainingStep()), count);
  return { ...times, result: losses[0] };
}

await serve({ prepare, steps });
