import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { type Adam, tf } from "../engine";

/** Mean loss of a batch, a scalar, from targets and predictions. */
export type LossFunction = (yTrue: tfjs.Tensor, yPred: tfjs.Tensor) => tfjs.Scalar;

/** What one training step leaves; both are the caller's to dispose. */
export interface StepResult {
  /** Mean loss of the batch before the update. */
  loss: tfjs.Scalar;
  /** The model's output that the loss was taken from. */
  predictions: tfjs.Tensor;
}

/**
 * One update of the model's trainable weights on one batch: forward (in training mode), backward,
 * optimizer. Nothing is read back from TensorFlow, so a caller may read the loss when it likes.
 */
export function trainStep(
  model: tfjs.LayersModel,
  optimizer: Adam | tfjs.Optimizer,
  loss: LossFunction,
  xs: tfjs.Tensor | tfjs.Tensor[],
  ys: tfjs.Tensor,
): StepResult {
  return tf.tidy(() => {
    const variables = trainableVariables(model);
    let predictions!: tfjs.Tensor;
    const { value, grads } = tf.variableGrads(() => {
      predictions = model.apply(xs, { training: true }) as tfjs.Tensor;
      tf.keep(predictions);
      return loss(ys, predictions);
    }, variables);
    optimizer.applyGradients(grads);
    return { loss: value, predictions };
  });
}

/** The variables behind the weights that training changes, in the model's order. */
function trainableVariables(model: tfjs.LayersModel): tfjs.Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as tfjs.Variable);
}
