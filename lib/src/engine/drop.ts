import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { kernel } from "./kernels";
import { executeOp } from "./kernels/operations";
import { tf } from "./tensorflow";

/**
 * Sets a share of the values to 0 and multiplies the others by 1 / (1 − rate). Which ones depends on
 * the seed and on a value's place alone: not on the kernel, nor on the number of threads. The gradient
 * finds the same places again from the seed.
 *
 * @param rate from 0 to below 1
 * @param seed a whole number from 0 to 2³² − 1
 */
export function drop(x: tfjs.Tensor, rate: number, seed: number): tfjs.Tensor {
  const apply = kernel().name === "native" ? fused : plain;
  const dropped = tf.customGrad((...args) => {
    const [values] = args as tfjs.Tensor[];
    const gradFunc = (upstream: tfjs.Tensor) => apply(upstream, rate, seed);
    return { value: apply(values, rate, seed), gradFunc };
  });
  return dropped(x);
}

/** The two words that the hash is keyed with, and the hashes below which a value is dropped. */
function words(rate: number, seed: number): [number, number, number] {
  const threshold = Math.min(Math.round(rate * 2 ** 32), 2 ** 32 - 1);
  return [seed, Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995, threshold];
}

function fused(x: tfjs.Tensor, rate: number, seed: number): tfjs.Tensor {
  const key = tf.tensor1d(
    Int32Array.from(words(rate, seed), (word) => word | 0),
    "int32",
  );
  return executeOp("StarlitDropout", {}, [x, key, tf.tensor1d([1 / (1 - rate)])], 1)[0];
}

/** The same in JavaScript: a factor, 0 or the scale, for each value. */
function plain(x: tfjs.Tensor, rate: number, seed: number): tfjs.Tensor {
  const [first, second, threshold] = words(rate, seed);
  const factors = new Float32Array(x.size);
  for (let i = 0; i < factors.length; i++) {
    let h = (Math.imul(i, 0x9e3779b9) + first) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(((h ^ (h >>> 13)) + second) | 0, 0xc2b2ae35);
    h ^= h >>> 16;
    factors[i] = h >>> 0 < threshold ? 0 : 1 / (1 - rate);
  }
  return x.mul(tf.tensor(factors, x.shape));
}
