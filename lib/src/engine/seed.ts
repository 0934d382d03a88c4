import { randomInt } from "node:crypto";
import { Random } from "./random";

let seeds = new Random(randomInt(2 ** 32));

/**
 * Makes all that follows in this process repeatable: `Math.random`, from which TensorFlow.js draws
 * initial weights, is replaced by `Random(seed)`, and the seeds given out by `nextSeed` begin anew.
 *
 * @param seed a whole number from 0 to 2³² − 1.
 */
export function seedEverything(seed: number): void {
  const generator = new Random(seed);
  Math.random = () => generator.random();
  // A stream of its own: what else calls Math.random (a timer, a temporary name) must not move it.
  seeds = new Random(new Random(seed).uint32());
}

/**
 * The next seed for a thing that has random numbers of its own, such as a dropout or a shuffle:
 * a whole number from 1 to 2³² − 1 (TensorFlow.js takes 0 for "no seed"), repeatable after
 * `seedEverything`.
 */
export function nextSeed(): number {
  return seeds.randint(1, 2 ** 32, 1)[0];
}
