import { addScaled, dot } from "./vectors";

/** A function to minimise: writes the gradient at `point` into `gradient` and returns the value. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** When `minimize` stops. */
export interface LbfgsOptions {
  maxIter: number;
  /** The largest entry of the gradient that counts as none. */
  tol: number;
}

/** Where `minimize` came to. */
export interface LbfgsResult {
  point: Float64Array;
  iterations: number;
  /** false if `maxIter` was reached first. */
  converged: boolean;
}

/** Steps that are remembered. */
const MEMORY = 10;
/** A relative decrease below this is none. */
const FLAT = 64 * Number.EPSILON;
/** Share of the decrease promised by the slope that a step must reach (Armijo). */
const SUFFICIENT = 1e-4;

/**
 * Minimises a smooth convex function by L-BFGS (Liu and Nocedal 1989) with a backtracking line
 * search; stops as scikit-learn lets scipy's L-BFGS-B stop.
 *
 * @param start where to begin; not changed
 */
export function minimize(
  objective: Objective,
  start: Float64Array,
  { maxIter, tol }: LbfgsOptions,
): LbfgsResult {
  let point = start.slice();
  let gradient = new Float64Array(point.length);
  let value = objective(point, gradient);
  let trial = new Float64Array(point.length);
  let trialGradient = new Float64Array(point.length);
  const steps: Step[] = [];
  for (let iterations = 0; iterations < maxIter; iterations++) {
    if (largest(gradient) <= tol) return { point, iterations, converged: true };
    const direction = newtonLike(gradient, steps);
    const slope = dot(gradient, direction);
    // Nothing is known of the curvature at first: then the step has length 1.
    let length = steps.length > 0 ? 1 : 1 / Math.sqrt(dot(direction, direction));
    let trialValue: number;
    for (;;) {
      for (let i = 0; i < point.length; i++) trial[i] = point[i] + length * direction[i];
      trialValue = objective(trial, trialGradient);
      if (trialValue <= value + SUFFICIENT * length * slope) break;
      // The minimum of the parabola through value, slope and trial value, not too near either end.
      const parabola = (-slope * length * length) / (2 * (trialValue - value - slope * length));
      length = Math.min(Math.max(parabola, 0.1 * length), 0.5 * length);
      // No step is short enough, rounding being what it is (or the values are no numbers).
      if (!(length > 1e-16)) return { point, iterations, converged: !Number.isNaN(trialValue) };
    }
    remember(steps, trial, point, trialGradient, gradient);
    const decrease = (value - trialValue) / Math.max(Math.abs(value), Math.abs(trialValue), 1);
    [point, trial] = [trial, point];
    [gradient, trialGradient] = [trialGradient, gradient];
    value = trialValue;
    if (decrease <= FLAT) return { point, iterations: iterations + 1, converged: true };
  }
  return { point, iterations: maxIter, converged: largest(gradient) <= tol };
}

/** A past step, the change of the gradient along it, and 1 over their product. */
interface Step {
  move: Float64Array;
  change: Float64Array;
  rho: number;
}

function remember(
  steps: Step[],
  to: Float64Array,
  from: Float64Array,
  gradientTo: Float64Array,
  gradientFrom: Float64Array,
): void {
  // The oldest step's arrays are used again: at a million features they are large.
  const oldest = steps.length === MEMORY ? steps.shift() : undefined;
  const move = oldest?.move ?? new Float64Array(to.length);
  const change = oldest?.change ?? new Float64Array(to.length);
  for (let i = 0; i < to.length; i++) {
    move[i] = to[i] - from[i];
    change[i] = gradientTo[i] - gradientFrom[i];
  }
  const product = dot(move, change);
  if (product > 0) steps.push({ move, change, rho: 1 / product });
}

/** The two loops: minus the gradient times the inverse curvature that the steps have shown. */
function newtonLike(gradient: Float64Array, steps: Step[]): Float64Array {
  const direction = gradient.map((entry) => -entry);
  const shares: number[] = [];
  for (let i = steps.length - 1; i >= 0; i--) {
    shares[i] = steps[i].rho * dot(steps[i].move, direction);
    addScaled(direction, -shares[i], steps[i].change);
  }
  const last = steps[steps.length - 1];
  if (last) {
    const scale = 1 / (last.rho * dot(last.change, last.change));
    for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  }
  steps.forEach((step, i) => {
    addScaled(direction, shares[i] - step.rho * dot(step.change, direction), step.move);
  });
  return direction;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) {
    const size = value < 0 ? -value : value;
    if (size > most) most = size;
  }
  return most;
}
