// What all peers of a row get: the same data and the same first weights, as files of raw numbers.
import fs from "node:fs";
import path from "node:path";
import { weightShapes } from "./rows.mjs";

const BATCHES = 4;

/** Uniform numbers in [0, 1), the same in each run (mulberry32). */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const sizeOf = (shape) => shape.reduce((product, length) => product * length, 1);

/** Writes `x`, `y` and `weights` of a row into a folder; returns where and how to read them. */
export function writeMaterial(row, folder) {
  const random = generator(1);
  const count = BATCHES * row.batch;
  const write = (name, data) => {
    fs.writeFileSync(path.join(folder, name), data);
    return path.join(folder, name);
  };
  const x =
    row.kind === "mlp"
      ? Float32Array.from({ length: count * row.widths[0] }, () => 2 * random() - 1)
      : ids(row, count, random);
  const y = Float32Array.from({ length: count }, () =>
    row.kind === "mlp" ? random() : Math.round(random()),
  );
  const shapes = weightShapes(row);
  const weights = shapes.map((shape) => {
    // Glorot's limit, biases at 0: what each of the peers would draw itself.
    const limit = shape.length === 2 ? Math.sqrt(6 / (shape[0] + shape[1])) : 0;
    return Float32Array.from({ length: sizeOf(shape) }, () => (2 * random() - 1) * limit);
  });
  return {
    batches: BATCHES,
    x: write("x", x),
    y: write("y", y),
    weights: write("weights", Buffer.concat(weights.map(({ buffer }) => Buffer.from(buffer)))),
    shapes,
  };
}

/** Word ids 1 … vocabulary − 1; the attention model's rows end in padding, 0, as reviews do. */
function ids({ kind, steps, vocabulary }, count, random) {
  const data = new Int32Array(count * steps);
  for (let row = 0; row < count; row++) {
    const length = kind === "attention" ? Math.ceil(steps * (0.25 + 0.75 * random())) : steps;
    for (let step = 0; step < length; step++) {
      data[row * steps + step] = 1 + Math.floor(random() * (vocabulary - 1));
    }
  }
  return data;
}
