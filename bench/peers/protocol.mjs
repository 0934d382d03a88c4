// The same protocol as protocol.py: one request a line in, one answer a line out, both JSON.
import fs from "node:fs";
import readline from "node:readline";

/** Answers with requests[request.do](request) until the input ends. */
export async function serve(requests) {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr); // only answers go there
  const all = { ...requests, usage };
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    try {
      write(`${JSON.stringify(await all[request.do](request))}\n`);
    } catch (error) {
      write(`${JSON.stringify({ error: error.message })}\n`);
    }
  }
}

/** Largest memory so far in bytes, processor time so far in seconds. */
function usage() {
  const { user, system } = process.cpuUsage();
  return { memory: process.resourceUsage().maxRSS * 1024, processor: (user + system) / 1e6 };
}

/** Inputs and targets of a row as arrays with shapes, first weights as tensors. */
export function material(tf, { row, material: files }) {
  const count = files.batches * row.batch;
  const read = (file, Type) => new Type(new Uint8Array(fs.readFileSync(file)).buffer);
  const x = read(files.x, row.kind === "mlp" ? Float32Array : Int32Array);
  const flat = read(files.weights, Float32Array);
  let start = 0;
  const weights = files.shapes.map((shape) => {
    const end = start + shape.reduce((product, length) => product * length, 1);
    const tensor = tf.tensor(flat.slice(start, end), shape);
    start = end;
    return tensor;
  });
  return {
    x: { data: x, shape: [count, x.length / count] },
    y: { data: read(files.y, Float32Array), shape: [count, 1] },
    weights,
  };
}

/** Gives the layers of a model their first weights, batch normalisation excepted. */
export function loadWeights(tf, model, weights) {
  let next = 0;
  for (const layer of model.layers) {
    const count = layer.getClassName() === "BatchNormalization" ? 0 : layer.weights.length;
    if (count > 0) layer.setWeights(weights.slice(next, next + count));
    next += count;
  }
  tf.dispose(weights);
}

/** Milliseconds of each of `count` calls. */
export async function timed(step, count) {
  const ms = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await step();
    ms.push(performance.now() - start);
  }
  return { ms };
}

/** GFLOP/s of the fastest of some products of two square matrices. */
export async function matrixPeak(tf, size = 2048, count = 8) {
  const [a, b] = [tf.randomNormal([size, size]), tf.randomNormal([size, size])];
  const product = () => tf.matMul(a, b).dispose();
  product();
  const { ms } = await timed(product, count);
  tf.dispose([a, b]);
  return { gflops: (2 * size ** 3) / Math.min(...ms) / 1e6 };
}
