import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { StarlitError } from "./errors";
import { kernel } from "./kernels";
import { executeOp } from "./kernels/operations";
import { tf } from "./tensorflow";

/** Options of {@link Adam}, with Keras's names and defaults. */
export interface AdamOptions {
  /** Step size before bias correction, default 0.001. */
  learningRate?: number;
  /** Decay of the mean of gradients, default 0.9. */
  beta1?: number;
  /** Decay of the mean of squared gradients, default 0.999. */
  beta2?: number;
  /** Added to the root in the denominator, default 1e-7. */
  epsilon?: number;
  /** The step size of update `t` (from 0) is `learningRate / (1 + decay · t)`, default 0. */
  decay?: number;
  /** Each variable's gradient is scaled down to this Euclidean norm (`clipnorm` in Keras). */
  clipNorm?: number;
}

/** Everything an {@link Adam} needs to go on where it stopped; plain data. */
export interface AdamState {
  iterations: number;
  /** Running means of the gradient and of its square, variables in the order of their first update. */
  moments: { m: Float32Array; v: Float32Array }[];
}

type Slots = { m: tfjs.Tensor; v: tfjs.Tensor };
type Update = { variable: tfjs.Variable; slots: Slots; gradient: tfjs.Tensor };
/** Gradients of variables, by their names. */
export type NamedGradients =
  { [name: string]: tfjs.Tensor } | { name: string; tensor: tfjs.Tensor }[];

/**
 * Kingma and Ba's Adam by the formula of `keras.optimizers.Adam`, for `LayersModel.compile` and for
 * loops of one's own (`applyGradients`). `learningRate` may be changed between steps.
 */
export class Adam extends tf.Optimizer {
  /** The name under which TensorFlow.js registers it. */
  static className = "StarlitAdam";

  learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly decay: number;
  readonly clipNorm?: number;
  private slots = new Map<string, Slots>();
  private waiting: AdamState["moments"] = [];

  constructor(options: AdamOptions = {}) {
    super();
    this.learningRate = options.learningRate ?? 0.001;
    this.beta1 = options.beta1 ?? 0.9;
    this.beta2 = options.beta2 ?? 0.999;
    this.epsilon = options.epsilon ?? 1e-7;
    this.decay = options.decay ?? 0;
    this.clipNorm = options.clipNorm;
    if (!(this.learningRate > 0)) {
      throw new StarlitError(`learningRate is ${this.learningRate}: give a number above 0.`);
    }
  }

  /** One update of every variable that has a gradient. */
  override applyGradients(gradients: NamedGradients): void {
    const named = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
    const updates = named
      .filter(({ tensor }) => tensor != null)
      .map(({ name, tensor }) => {
        const variable = tf.engine().registeredVariables[name];
        return { variable, slots: this.slotsOf(variable), gradient: tensor };
      });
    const rate = this.nextRate();
    if (updates.length === 0) return;
    tf.tidy(() => {
      if (kernel().name === "native") this.fusedUpdate(updates, rate);
      else for (const update of updates) this.plainUpdate(update, rate);
    });
  }

  /** The bias-corrected step size of this update; counts the update. */
  private nextRate(): number {
    const rate = this.learningRate / (1 + this.decay * this.iterations);
    this.incrementIterations();
    const t = this.iterations;
    return (rate * Math.sqrt(1 - this.beta2 ** t)) / (1 - this.beta1 ** t);
  }

  /** One call for all variables; the means, which nobody else holds, change in place. */
  private fusedUpdate(updates: Update[], rate: number): void {
    const { beta1, beta2, epsilon, clipNorm = 0 } = this;
    const tensors = [
      ...updates.map(({ variable }) => variable),
      ...updates.map(({ slots }) => slots.m),
      ...updates.map(({ slots }) => slots.v),
      ...updates.map(({ gradient }) => gradient),
      tf.tensor1d([rate, 1 - beta1, 1 - beta2, epsilon, clipNorm]),
    ];
    const next = executeOp("StarlitAdam", { N: updates.length }, tensors, updates.length);
    updates.forEach(({ variable }, i) => variable.assign(next[i]));
  }

  private plainUpdate({ variable, slots, gradient }: Update, rate: number): void {
    const g = this.clip(gradient);
    const m = tf.keep(slots.m.add(g.sub(slots.m).mul(1 - this.beta1)));
    const v = tf.keep(
      slots.v.add(
        g
          .square()
          .sub(slots.v)
          .mul(1 - this.beta2),
      ),
    );
    tf.dispose([slots.m, slots.v]);
    Object.assign(slots, { m, v });
    variable.assign(variable.sub(m.mul(rate).div(v.sqrt().add(this.epsilon))));
  }

  private clip(gradient: tfjs.Tensor): tfjs.Tensor {
    if (this.clipNorm === undefined) return gradient;
    return gradient.mul(tf.div(this.clipNorm, tf.maximum(gradient.norm(), this.clipNorm)));
  }

  private slotsOf(variable: tfjs.Variable): Slots {
    let slots = this.slots.get(variable.name);
    if (!slots) {
      const stored = this.waiting.shift();
      if (stored && stored.m.length !== variable.size) {
        throw new StarlitError(
          `The optimizer's state for ${variable.name} has ${stored.m.length} numbers and the ` +
            `variable ${variable.size}: restore the state that was saved with this model.`,
        );
      }
      // A copy: TensorFlow uses an array that it is given as its own memory.
      const make = (values?: Float32Array) =>
        tf.keep(values ? tf.tensor(values.slice(), variable.shape) : tf.zeros(variable.shape));
      slots = { m: make(stored?.m), v: make(stored?.v) };
      this.slots.set(variable.name, slots);
    }
    return slots;
  }

  /** A copy of the state, to be stored and given to {@link Adam.restore}. */
  state(): AdamState {
    const values = (tensor: tfjs.Tensor) => tensor.dataSync<"float32">().slice();
    const moments = [...this.slots.values()].map(({ m, v }) => ({ m: values(m), v: values(v) }));
    return { iterations: this.iterations, moments: [...moments, ...this.waiting] };
  }

  /** Goes back to a state taken by {@link Adam.state}, for the same model or one built alike. */
  restore(state: AdamState): void {
    this.dispose();
    this.iterations_ = state.iterations;
    this.waiting = [...state.moments];
  }

  /** Frees the running means. */
  override dispose(): void {
    for (const { m, v } of this.slots.values()) tf.dispose([m, v]);
    this.slots.clear();
  }

  override getConfig(): tfjs.serialization.ConfigDict {
    const { learningRate, beta1, beta2, epsilon, decay, clipNorm } = this;
    return { learningRate, beta1, beta2, epsilon, decay, clipNorm: clipNorm ?? null };
  }
}
