import type { Optimizer } from "@tensorflow/tfjs";
import { Adam, type AdamOptions, knownNames, StarlitError, tf } from "../engine";

/** The optimizers with a name, with Keras's learning rates: 0.001, of `sgd` 0.01. */
export type OptimizerName = "adam" | "sgd" | "rmsprop";

/**
 * How the weights are changed: Adam's options, a name, or an optimizer of one's own (an `Adam`, or
 * TensorFlow.js's, such as `tf.train.sgd(0.1)`), which goes on from where it is.
 */
export type OptimizerChoice = AdamOptions | OptimizerName | Optimizer;

const optimizers: Record<OptimizerName, () => Optimizer> = {
  adam: () => new Adam(),
  sgd: () => tf.train.sgd(0.01),
  rmsprop: () => tf.train.rmsprop(0.001, 0.9, 0, 1e-7),
};

/** `instanceof` will not do: to TensorFlow.js all optimizers are instances of each other. */
export function isAdam(optimizer: Optimizer): optimizer is Adam {
  return optimizer.getClassName() === Adam.className;
}

/**
 * The optimizer that was chosen.
 *
 * @throws StarlitError if there is no optimizer of this name, or an option is not Adam's
 */
export function optimizerOf(choice: OptimizerChoice): Optimizer {
  if (choice instanceof tf.Optimizer) return choice;
  if (typeof choice === "string") {
    if (Object.hasOwn(optimizers, choice)) return optimizers[choice]();
    const names = Object.keys(optimizers);
    throw new StarlitError(`There is no optimizer "${choice}": ${knownNames(choice, names)}`);
  }
  return new Adam(choice);
}
