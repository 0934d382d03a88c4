import type * as tfjs from "@tensorflow/tfjs";
import {
  drop,
  type RecurrentKind,
  type RecurrentSpec,
  StarlitError,
  gateCount,
  kernel,
  nextSeed,
  tf,
} from "../engine";
import { runSteps, type StepInputs } from "../engine/kernels/reference";
import { type Initializer, unitForgetBias } from "./initializers";
import { type CallOptions, type Layer, type LayerOfSeveral, withStates } from "./layer";
import {
  checkLayerOptions,
  type LayerOptions,
  listOf,
  oneOf,
  onlyShape,
  positiveInteger,
  share,
  type StockOptions,
} from "./options";
import {
  type InitializerName,
  initializerOf,
  type Regularizer,
  type RegularizerName,
  regularizerOf,
  savedForm,
} from "./weights";

/** Options that all recurrent layers share, with Keras's names and defaults. */
export interface RecurrentOptions extends LayerOptions {
  /** Number of units `H`: length of the state. */
  units: number;
  /** All states `(B, T, H)` and not only the last one `(B, H)`; default false. */
  returnSequences?: boolean;
  /**
   * The last state `(B, H)` as a second output, of an LSTM its cell state as a third; default false.
   * An LSTM then goes a step at a time, which takes several times as long.
   */
  returnState?: boolean;
  /** Read the steps from last to first; default false. */
  goBackwards?: boolean;
  /** Whether there is a bias; default true. */
  useBias?: boolean;
  /** Share of the input's features that are 0 while training, the same at all steps; default 0. */
  dropout?: number;
  /**
   * Share of the state's features that are 0 on their way into the next step while training, the
   * same at all steps (Gal and Ghahramani 2016); default 0. Training then goes a step at a time,
   * which takes several times as long.
   */
  recurrentDropout?: number;
  /** First values of the kernel; default "glorotUniform". */
  kernelInitializer?: InitializerName | Initializer;
  /** First values of the recurrent kernel; default "orthogonal". */
  recurrentInitializer?: InitializerName | Initializer;
  /** First values of the bias; default "zeros". */
  biasInitializer?: InitializerName | Initializer;
  /** Added to the loss for the kernel; default nothing. */
  kernelRegularizer?: RegularizerName | Regularizer;
  /** Added to the loss for the recurrent kernel; default nothing. */
  recurrentRegularizer?: RegularizerName | Regularizer;
  /** Added to the loss for the bias; default nothing. */
  biasRegularizer?: RegularizerName | Regularizer;
}

/** Options of {@link lstm}. */
export interface LstmOptions extends RecurrentOptions {
  /** Of the candidate and of the output; softmax runs over the units. Default tanh. */
  activation?: "tanh" | "softmax";
  recurrentActivation?: "sigmoid";
  /** Start with a bias of 1 at the forget gate, default true. */
  unitForgetBias?: boolean;
}

/** Options of {@link gru}. */
export interface GruOptions extends RecurrentOptions {
  activation?: "tanh";
  recurrentActivation?: "sigmoid";
  /** The reset gate acts after the product with the recurrent kernel; two biases. Default true. */
  resetAfter?: boolean;
}

/** Options of {@link simpleRnn}. */
export interface SimpleRnnOptions extends RecurrentOptions {
  activation?: "tanh";
}

const initializerNames = ["kernelInitializer", "recurrentInitializer", "biasInitializer"] as const;
const regularizerNames = ["kernelRegularizer", "recurrentRegularizer", "biasRegularizer"] as const;
const firstValues = ["glorotUniform", "orthogonal", "zeros"] as const;

const sharedOptions = [
  "units",
  "returnSequences",
  "returnState",
  "goBackwards",
  "useBias",
  "activation",
  "dropout",
  "recurrentDropout",
  ...initializerNames,
  ...regularizerNames,
];

const absentOptions = {
  stateful: "give the states on by returnState and initialState",
  unroll: "all steps are computed in one operation as it is, leave it out",
  timeMajor: "give sequences as (batch, steps, features)",
  kernelConstraint: "training does not apply constraints, use kernelRegularizer",
  recurrentConstraint: "training does not apply constraints, use recurrentRegularizer",
  biasConstraint: "training does not apply constraints, use biasRegularizer",
  activityRegularizer: "add the penalty to the loss",
};

type Settings = LstmOptions & Pick<GruOptions, "resetAfter">;

/** What the three layers have in common: weights, checks, masks, states and the call of the kernel. */
export abstract class Recurrent extends tf.layers.Layer {
  private readonly spec: RecurrentSpec;
  private readonly units: number;
  private readonly returnState: boolean;
  private readonly useBias: boolean;
  private readonly forgetBias: boolean;
  private readonly dropout: number;
  private readonly recurrentDropout: number;
  private readonly initializers: Initializer[];
  private readonly regularizers: (Regularizer | undefined)[];
  /** Initializers and regularizers that were asked for, as `getConfig` writes them. */
  private readonly asked: tfjs.serialization.ConfigDict = {};

  constructor(kind: RecurrentKind, options: Settings) {
    super(options as StockOptions);
    const activations: ("tanh" | "softmax")[] = kind === "lstm" ? ["tanh", "softmax"] : ["tanh"];
    this.units = positiveInteger(kind, "units", options.units);
    oneOf(kind, "recurrentActivation", options.recurrentActivation ?? "sigmoid", ["sigmoid"]);
    this.spec = {
      kind,
      activation: oneOf(kind, "activation", options.activation ?? "tanh", activations),
      resetAfter: kind === "gru" && (options.resetAfter ?? true),
      goBackwards: options.goBackwards ?? false,
      returnSequences: options.returnSequences ?? false,
    };
    this.returnState = options.returnState ?? false;
    this.useBias = options.useBias ?? true;
    this.forgetBias = kind === "lstm" && (options.unitForgetBias ?? true);
    this.dropout = share(kind, "dropout", options.dropout ?? 0);
    this.recurrentDropout = share(kind, "recurrentDropout", options.recurrentDropout ?? 0);
    this.initializers = initializerNames.map((name, i) =>
      initializerOf(kind, name, options[name] ?? firstValues[i]),
    );
    this.regularizers = regularizerNames.map((name) => regularizerOf(kind, name, options[name]));
    for (const name of [...initializerNames, ...regularizerNames]) {
      if (options[name]) this.asked[name] = savedForm(options[name]);
    }
    this.supportsMasking = true;
  }

  /** Read by `tf.layers.bidirectional`, which turns only TensorFlow.js's own layers round. */
  get returnSequences(): never {
    throw new StarlitError(
      `tf.layers.bidirectional cannot turn ${this.spec.kind} round: use bidirectional({ layer }) ` +
        "of this library.",
    );
  }

  override build(inputShape: tfjs.Shape | tfjs.Shape[]): void {
    const shape = onlyShape(inputShape);
    const features = shape[2];
    if (shape.length !== 3 || !features) {
      throw new StarlitError(
        `${this.name} reads sequences of vectors (batch, steps, features), but got the shape ` +
          `[${shape}]: put an embedding before it, or returnSequences in the layer before it.`,
      );
    }
    const columns = gateCount[this.spec.kind] * this.units;
    const [kernel, recurrent, bias] = this.initializers;
    const add = (i: number, name: string, weightShape: number[], initializer: Initializer) =>
      this.addWeight(name, weightShape, "float32", initializer, this.regularizers[i]);
    add(0, "kernel", [features, columns], kernel);
    add(1, "recurrent_kernel", [this.units, columns], recurrent);
    if (this.useBias) {
      const first = this.forgetBias ? unitForgetBias(bias) : bias;
      add(2, "bias", this.biasShape(), first);
    }
    this.built = true;
  }

  private biasShape(): number[] {
    const columns = gateCount[this.spec.kind] * this.units;
    return this.spec.resetAfter ? [2, columns] : [columns];
  }

  override computeOutputShape(inputShape: tfjs.Shape | tfjs.Shape[]): tfjs.Shape | tfjs.Shape[] {
    const shape = onlyShape(inputShape);
    if (Array.isArray(inputShape[0])) this.checkStates(shape, inputShape.slice(1) as tfjs.Shape[]);
    const [batch, steps] = shape;
    const output = this.spec.returnSequences ? [batch, steps, this.units] : [batch, this.units];
    if (!this.returnState) return output;
    return [output, ...Array.from({ length: this.states() }, () => [batch, this.units])];
  }

  /** Number of tensors in the state: that of an LSTM has two. */
  private states(): number {
    return this.spec.kind === "lstm" ? 2 : 1;
  }

  override computeMask(_: unknown, mask?: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
    const only = Array.isArray(mask) ? mask[0] : mask;
    const ofOutput = this.spec.returnSequences ? (only ?? null) : null;
    const masks = [ofOutput, ...Array.from({ length: this.states() }, () => null)];
    return (this.returnState ? masks : ofOutput) as tfjs.Tensor;
  }

  override apply(
    inputs: Parameters<tfjs.layers.Layer["apply"]>[0],
    options?: CallOptions,
  ): ReturnType<tfjs.layers.Layer["apply"]> {
    return super.apply(...withStates(inputs, options));
  }

  override call(
    inputs: tfjs.Tensor | tfjs.Tensor[],
    options: CallOptions,
  ): tfjs.Tensor | tfjs.Tensor[] {
    return tf.tidy(() => {
      const [first, ...states] = listOf(inputs);
      const x = this.checkedInput(first);
      if (states.length > 0)
        this.checkStates(
          x.shape,
          states.map(({ shape }) => shape),
        );
      const [weights, recurrentKernel, bias] = this.weights.map((weight) => weight.read());
      const computed = this.compute({
        ...this.dropped(x, options?.training ?? false),
        kernel: weights as tfjs.Tensor2D,
        recurrentKernel: recurrentKernel as tfjs.Tensor2D,
        bias: bias ?? tf.zeros(this.biasShape()),
        mask: this.checkedMask(x, options?.mask),
        initialState: states.length > 0 ? (states as tfjs.Tensor2D[]) : undefined,
      });
      return this.returnState ? [computed.output, ...computed.states] : computed.output;
    });
  }

  /** By the kernel that is fast where it can do what is asked, else a step at a time. */
  private compute(inputs: StepInputs): { output: tfjs.Tensor; states: tfjs.Tensor[] } {
    const { returnState } = this;
    const cellState = returnState && this.spec.kind === "lstm";
    if (inputs.initialState || inputs.stateMasks || cellState) return runSteps(this.spec, inputs);
    const output = kernel().run(this.spec, inputs);
    if (!returnState || !this.spec.returnSequences) return { output, states: [output] };
    const [batch, steps, units] = output.shape;
    const last = output.slice([0, steps - 1, 0], [batch, 1, units]);
    return { output, states: [last.reshape([batch, units])] };
  }

  /**
   * The input and what is dropped of it and of the state while training. As in Keras, dropout of
   * the state draws a mask for each gate, of the input then too; otherwise all gates share one.
   */
  private dropped(
    x: tfjs.Tensor3D,
    training: boolean,
  ): Pick<StepInputs, "x" | "inputMasks" | "stateMasks"> {
    const { dropout, recurrentDropout } = this;
    if (!training || (dropout === 0 && recurrentDropout === 0)) return { x };
    const [batch, , features] = x.shape;
    const draw = (width: number, rate: number) =>
      drop(tf.ones([batch, width]), rate, nextSeed()) as tfjs.Tensor2D;
    if (recurrentDropout === 0) return { x: x.mul(draw(features, dropout).expandDims(1)) };
    const perGate = (width: number, rate: number) =>
      rate === 0
        ? undefined
        : Array.from({ length: gateCount[this.spec.kind] }, () => draw(width, rate));
    return {
      x,
      inputMasks: perGate(features, dropout),
      stateMasks: perGate(this.units, recurrentDropout),
    };
  }

  private checkedInput(x: tfjs.Tensor): tfjs.Tensor3D {
    if (x.dtype !== "float32") {
      throw new StarlitError(`${this.name} reads float32, but got ${x.dtype}: cast or embed it.`);
    }
    const features = this.weights[0].shape[0];
    if (x.rank !== 3 || x.shape[2] !== features || x.size === 0) {
      throw new StarlitError(
        `${this.name} reads the shape [batch, steps, ${features}], none of them 0, but got ` +
          `[${x.shape}].`,
      );
    }
    return x as tfjs.Tensor3D;
  }

  private checkStates([batch]: tfjs.Shape, states: tfjs.Shape[]): void {
    const fit = ([rows, width]: tfjs.Shape) =>
      width === this.units && (rows === batch || rows === null || batch === null);
    if (states.length === this.states() && states.every((s) => s.length === 2 && fit(s))) return;
    throw new StarlitError(
      `${this.name} starts with ${this.states()} state(s) of the shape [batch, ${this.units}], but ` +
        `got ${states.map((shape) => `[${shape.map((size) => size ?? "batch").join(", ")}]`).join(" and ")}.`,
    );
  }

  private checkedMask(x: tfjs.Tensor3D, mask: CallOptions["mask"]): tfjs.Tensor2D | undefined {
    const only = Array.isArray(mask) ? mask[0] : mask;
    if (!only) return undefined;
    if (only.rank !== 2 || only.shape[0] !== x.shape[0] || only.shape[1] !== x.shape[1]) {
      throw new StarlitError(
        `${this.name}: the mask must have the shape [${x.shape[0]}, ${x.shape[1]}] (batch, steps), ` +
          `but has [${only.shape}].`,
      );
    }
    return only.toBool() as tfjs.Tensor2D;
  }

  override getConfig(): tfjs.serialization.ConfigDict {
    const { kind, activation, resetAfter, goBackwards, returnSequences } = this.spec;
    return {
      ...super.getConfig(),
      units: this.units,
      activation,
      ...(kind === "gru" && { resetAfter }),
      ...(kind === "lstm" && { unitForgetBias: this.forgetBias }),
      goBackwards,
      returnSequences,
      returnState: this.returnState,
      useBias: this.useBias,
      dropout: this.dropout,
      recurrentDropout: this.recurrentDropout,
      ...this.asked,
    };
  }
}

class Lstm extends Recurrent {
  /** @nocollapse */
  static className = "Lstm";
  constructor(options: LstmOptions) {
    super("lstm", options);
  }
}

class Gru extends Recurrent {
  /** @nocollapse */
  static className = "Gru";
  constructor(options: GruOptions) {
    super("gru", options);
  }
}

class SimpleRnn extends Recurrent {
  /** @nocollapse */
  static className = "SimpleRnn";
  constructor(options: SimpleRnnOptions) {
    super("simpleRnn", options);
  }
}

tf.serialization.registerClass(Lstm);
tf.serialization.registerClass(Gru);
tf.serialization.registerClass(SimpleRnn);

// Of the forms of the three functions below the one of RecurrentOptions is the same, so that a program
// may choose among them and call what it chose.

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997), as `keras.layers.LSTM`: `(B, T, E)` to
 * `(B, H)`, or `(B, T, H)` with `returnSequences`. Weights: kernel `[E, 4H]`, recurrent kernel
 * `[H, 4H]`, bias `[4H]`, gates in the order input, forget, candidate, output.
 *
 * `apply([x, h, c])`, or `apply(x, { initialState: [h, c] })`, starts with the states `(B, H)`: the
 * layer then goes a step at a time, which takes several times as long.
 *
 * @throws StarlitError if an option is unknown or has no such value
 */
export function lstm(options: LstmOptions & { returnState: true }): LayerOfSeveral;
export function lstm(options: RecurrentOptions): Layer;
export function lstm(options: LstmOptions): Layer;
export function lstm(options: LstmOptions): Layer | LayerOfSeveral {
  checkLayerOptions(
    "lstm",
    options,
    [...sharedOptions, "recurrentActivation", "unitForgetBias"],
    absentOptions,
  );
  return new Lstm(options) as Layer;
}

/**
 * Gated recurrent unit (Cho et al. 2014), as `keras.layers.GRU`: `(B, T, E)` to `(B, H)`, or
 * `(B, T, H)` with `returnSequences`. Weights: kernel `[E, 3H]`, recurrent kernel `[H, 3H]`, bias
 * `[2, 3H]` (`[3H]` without `resetAfter`), gates in the order update, reset, candidate.
 *
 * `apply([x, h])`, or `apply(x, { initialState: h })`, starts with the state `(B, H)`: the layer then
 * goes a step at a time, which takes several times as long.
 *
 * @throws StarlitError if an option is unknown or has no such value
 */
export function gru(options: GruOptions & { returnState: true }): LayerOfSeveral;
export function gru(options: RecurrentOptions): Layer;
export function gru(options: GruOptions): Layer;
export function gru(options: GruOptions): Layer | LayerOfSeveral {
  checkLayerOptions(
    "gru",
    options,
    [...sharedOptions, "recurrentActivation", "resetAfter"],
    absentOptions,
  );
  return new Gru(options) as Layer;
}

/**
 * Elman's recurrent layer (1990), as `keras.layers.SimpleRNN`: `(B, T, E)` to `(B, H)`, or
 * `(B, T, H)` with `returnSequences`. Weights: kernel `[E, H]`, recurrent kernel `[H, H]`, bias `[H]`.
 *
 * `apply([x, h])`, or `apply(x, { initialState: h })`, starts with the state `(B, H)`: the layer then
 * goes a step at a time, which takes several times as long.
 *
 * @throws StarlitError if an option is unknown or has no such value
 */
export function simpleRnn(options: SimpleRnnOptions & { returnState: true }): LayerOfSeveral;
export function simpleRnn(options: RecurrentOptions): Layer;
export function simpleRnn(options: SimpleRnnOptions): Layer;
export function simpleRnn(options: SimpleRnnOptions): Layer | LayerOfSeveral {
  checkLayerOptions("simpleRnn", options, sharedOptions, absentOptions);
  return new SimpleRnn(options) as Layer;
}
