import type { NdArray } from "../engine/arrays";
import { minimize } from "../models/linear/lbfgs";
import { calibrated, type PackedRater } from "./player.cjs";

export type Calibration = PackedRater["calibration"];

/**
 * Sharpness and shifts by which probabilities come true on these rows as often as they say, and the
 * mean cross-entropy that is left. A weak penalty keeps what few rows say little of near where it was.
 *
 * @param places the class of each row, by its place
 */
export function calibrate(
  places: ArrayLike<number>,
  { data, shape }: NdArray,
): { calibration: Calibration; loss: number } {
  const [rows, classes] = shape;
  const logs = Float64Array.from(data, (p) => Math.log(p + 1e-12));
  const penalty = 1 / rows;
  const objective = (point: Float64Array, gradient: Float64Array) => {
    gradient.fill(0);
    const [sharpness] = point;
    let loss = 0;
    const scores = new Float64Array(classes);
    for (let row = 0; row < rows; row++) {
      let most = -Infinity;
      for (let k = 0; k < classes; k++) {
        scores[k] = sharpness * logs[row * classes + k] + point[1 + k];
        if (scores[k] > most) most = scores[k];
      }
      let sum = 0;
      for (let k = 0; k < classes; k++) sum += Math.exp(scores[k] - most);
      loss += most + Math.log(sum) - scores[places[row]];
      for (let k = 0; k < classes; k++) {
        const error = Math.exp(scores[k] - most) / sum - Number(k === places[row]);
        gradient[0] += error * logs[row * classes + k];
        gradient[1 + k] += error;
      }
    }
    let squares = 0;
    for (let i = 0; i < point.length; i++) {
      const away = point[i] - Number(i === 0);
      squares += away * away;
      gradient[i] = gradient[i] / rows + penalty * away;
    }
    return loss / rows + (penalty / 2) * squares;
  };
  const start = new Float64Array(1 + classes);
  start[0] = 1;
  const { point } = minimize(objective, start, { maxIter: 200, tol: 1e-6 });
  const calibration = { sharpness: point[0], shifts: Array.from(point.subarray(1)) };
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const p = calibrated(data.subarray(row * classes, (row + 1) * classes), calibration);
    loss -= Math.log(p[places[row]] + 1e-12);
  }
  return { calibration, loss: loss / rows };
}
