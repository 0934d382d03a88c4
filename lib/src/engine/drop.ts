import type * as tfjs from "@tensorflow/tfjs";
import { kernel } from "./kernels";
import { nativeModule } from "./kernels/addon";
import { executeOp } from "./kernels/operations";
import { computed } from "./kernels/tape";
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
  return tf.tidy(() => {
    if (kernel().name === "native") {
      const apply = (values: tfjs.Tensor) => fused(values, rate, seed);
      return computed(apply(x), [x], [], (upstream) => [() => apply(upstream)]);
    }
    return x.mul(factors(x.shape, rate, seed));
  });
}

/** The two words that the hash is keyed with, and the hashes below which a value is dropped. */
function words(rate: number, seed: number): [number, number, number] {
  const threshold = Math.min(Math.round(rate * 2 ** 32), 2 ** 32 - 1);
  return [seed, Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995, threshold];
}

/** What our operations know a dropout by. */
function keyOf(rate: number, seed: number): tfjs.Tensor[] {
  const key = Int32Array.from(words(rate, seed), (word) => word | 0);
  return [tf.tensor1d(key, "int32"), tf.tensor1d([1 / (1 - rate)])];
}

function fused(x: tfjs.Tensor, rate: number, seed: number): tfjs.Tensor {
  return executeOp("StarlitDropout", {}, [x, ...keyOf(rate, seed)], 1)[0];
}

/** A factor, 0 or the scale, for each value of a shape. */
function factors(shape: number[], rate: number, seed: number): tfjs.Tensor {
  if (kernel().name === "cudnn" && nativeModule().module) {
    const sizes = tf.tensor1d(shape, "int32");
    return executeOp("StarlitDropoutFactors", {}, [sizes, ...keyOf(rate, seed)], 1)[0];
  }
  const [first, second, threshold] = words(rate, seed);
  const values = new Float32Array(tf.util.sizeFromShape(shape));
  for (let i = 0; i < values.length; i++) {
    let h = (Math.imul(i, 0x9e3779b9) + first) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(((h ^ (h >>> 13)) + second) | 0, 0xc2b2ae35);
    h ^= h >>> 16;
    values[i] = h >>> 0 < threshold ? 0 : 1 / (1 - rate);
  }
  return tf.tensor(values, shape);
}
