import type * as tfjs from "@tensorflow/tfjs";
import { StarlitError } from "./errors";
import { kernel } from "./kernels";
import { executeOp } from "./kernels/operations";
import { Resource } from "./kernels/resource";
import { numbersOf } from "./numbers";
import { checkOptions } from "./options";
import { hasTensorflow, tf } from "./tensorflow";

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

/** What an update changes in place: a tensor by our own operation, a resource by TensorFlow's. */
type Held = tfjs.Tensor | Resource;
/** The running means of a variable's gradient and of its square. */
type Slots = { m: Held; v: Held };
type Update = { variable: tfjs.Variable; slots: Slots; gradient: tfjs.Tensor };
/** Gradients of variables, by their names. */
export type NamedGradients =
  { [name: string]: tfjs.Tensor } | { name: string; tensor: tfjs.Tensor }[];

const optionNames = ["learningRate", "beta1", "beta2", "epsilon", "decay", "clipNorm"];

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
  /** The variables where TensorFlow changes them. */
  private places = new Map<string, Resource>();
  private waiting: AdamState["moments"] = [];

  /** @throws StarlitError if an option is unknown or out of range */
  constructor(options: AdamOptions = {}) {
    super();
    checkOptions("Adam", options, optionNames);
    const isShare = (value: number) => value >= 0 && value < 1;
    const isPositive = (value: number) => value > 0 && value < Infinity;
    const isNotNegative = (value: number) => value >= 0 && value < Infinity;
    const read = (
      name: keyof AdamOptions,
      otherwise: number,
      fits: (value: number) => boolean,
      range: string,
    ): number => {
      const value = options[name] ?? otherwise;
      if (typeof value === "number" && fits(value)) return value;
      throw new StarlitError(`Adam: ${name} is ${String(value)}: give a number ${range}.`);
    };
    this.learningRate = read("learningRate", 0.001, isPositive, "above 0");
    this.beta1 = read("beta1", 0.9, isShare, "from 0 to below 1");
    this.beta2 = read("beta2", 0.999, isShare, "from 0 to below 1");
    this.epsilon = read("epsilon", 1e-7, isPositive, "above 0");
    this.decay = read("decay", 0, isNotNegative, "from 0");
    // null where it comes from a configuration
    if ((options.clipNorm ?? null) !== null) {
      this.clipNorm = read("clipNorm", 0, isPositive, "above 0");
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
      if (kernel().name === "native") this.nativeUpdate(updates, rate);
      else if (hasTensorflow) this.tensorflowUpdate(updates, rate);
      else this.plainUpdate(updates, rate);
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
  private nativeUpdate(updates: Update[], rate: number): void {
    const { beta1, beta2, epsilon, clipNorm = 0 } = this;
    const tensors = [
      ...updates.map(({ variable }) => variable),
      ...updates.map(({ slots }) => slots.m as tfjs.Tensor),
      ...updates.map(({ slots }) => slots.v as tfjs.Tensor),
      ...updates.map(({ gradient }) => gradient),
      tf.tensor1d([rate, 1 - beta1, 1 - beta2, epsilon, clipNorm]),
    ];
    const next = executeOp("StarlitAdam", { N: updates.length }, tensors, updates.length);
    updates.forEach(({ variable }, i) => variable.assign(next[i]));
  }

  /** Two calls a variable. */
  private tensorflowUpdate(updates: Update[], rate: number): void {
    // The rate is corrected already: for what it would be corrected with, powers of the betas, 0.
    const numbers = [0, 0, rate, this.beta1, this.beta2, this.epsilon].map((x) => tf.scalar(x));
    for (const { variable, slots, gradient } of updates) {
      const place = this.placeOf(variable);
      const handles = [place, slots.m as Resource, slots.v as Resource].map(({ handle }) => handle);
      const inputs = [...handles, ...numbers, this.clip(gradient)];
      executeOp("ResourceApplyAdam", { T: "float32" }, inputs, 0);
      variable.assign(place.read());
    }
  }

  /** In plain JavaScript: one pass through the numbers. */
  private plainUpdate(updates: Update[], rate: number): void {
    const { beta1, beta2, epsilon } = this;
    for (const { variable, slots, gradient } of updates) {
      const [m, v, values] = [slots.m as tfjs.Tensor, slots.v as tfjs.Tensor, variable].map(
        (tensor) => tensor.dataSync<"float32">().slice(),
      );
      const g = this.clip(gradient).dataSync<"float32">();
      for (let i = 0; i < values.length; i++) {
        m[i] += (g[i] - m[i]) * (1 - beta1);
        v[i] += (g[i] * g[i] - v[i]) * (1 - beta2);
        values[i] -= (rate * m[i]) / (Math.sqrt(v[i]) + epsilon);
      }
      [slots.m, slots.v].forEach((held) => held.dispose());
      [slots.m, slots.v] = [m, v].map((held) => tf.keep(tf.tensor(held, variable.shape)));
      variable.assign(tf.tensor(values, variable.shape));
    }
  }

  /** The resource of a variable, with its values. */
  private placeOf(variable: tfjs.Variable): Resource {
    const place = this.places.get(variable.name) ?? new Resource(variable);
    this.places.set(variable.name, place);
    place.assign(variable); // weights may have been set since the last update
    return place;
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
      const make = (values?: Float32Array): Held => {
        // A copy: TensorFlow uses an array that it is given as its own memory.
        const start = values ? tf.tensor(values.slice(), variable.shape) : tf.zerosLike(variable);
        if (kernel().name === "native" || !hasTensorflow) return tf.keep(start);
        const held = new Resource(start);
        start.dispose();
        return held;
      };
      slots = { m: make(stored?.m), v: make(stored?.v) };
      this.slots.set(variable.name, slots);
    }
    return slots;
  }

  /** A copy of the state, to be stored and given to {@link Adam.restore}. */
  state(): AdamState {
    const values = (held: Held) =>
      numbersOf(() =>
        (held instanceof Resource ? held.read() : held).dataSync<"float32">().slice(),
      );
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
    for (const { m, v } of this.slots.values()) [m, v].forEach((held) => held.dispose());
    for (const place of this.places.values()) place.dispose();
    this.slots.clear();
    this.places.clear();
  }

  override getConfig(): tfjs.serialization.ConfigDict {
    const { learningRate, beta1, beta2, epsilon, decay, clipNorm } = this;
    return { learningRate, beta1, beta2, epsilon, decay, clipNorm: clipNorm ?? null };
  }
}
