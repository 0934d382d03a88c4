import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import {
  type RecurrentKind,
  type RecurrentSpec,
  StarlitError,
  gateCount,
  kernel,
  tf,
} from "../engine";
import { type Initializer, orthogonal, unitForgetBias } from "./initializers";
import { type LayerOptions, oneOf, onlyShape, onlyTensor, positiveInteger } from "./options";

/** Options that all recurrent layers share, with Keras's names and defaults. */
export interface RecurrentOptions extends LayerOptions {
  /** Number of units `H`: length of the state. */
  units: number;
  /** All states `(B, T, H)` and not only the last one `(B, H)`; default false. */
  returnSequences?: boolean;
  /** Read the steps from last to first; default false. */
  goBackwards?: boolean;
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

type Settings = LstmOptions & Pick<GruOptions, "resetAfter">;
type CallArguments = { mask?: tfjs.Tensor | tfjs.Tensor[] | null };

/** What the three layers have in common: weights, checks, masks and the call of the kernel. */
abstract class Recurrent extends tf.layers.Layer {
  private readonly spec: RecurrentSpec;
  private readonly units: number;
  private readonly forgetBias: boolean;

  constructor(kind: RecurrentKind, options: Settings) {
    super(options as ConstructorParameters<typeof tf.layers.Layer>[0]);
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
    this.forgetBias = kind === "lstm" && (options.unitForgetBias ?? true);
    this.supportsMasking = true;
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
    const biasShape = this.spec.resetAfter ? [2, columns] : [columns];
    const add = (name: string, weightShape: number[], initializer: Initializer) =>
      this.addWeight(name, weightShape, "float32", initializer);
    add("kernel", [features, columns], tf.initializers.glorotUniform({}));
    add("recurrent_kernel", [this.units, columns], orthogonal);
    add("bias", biasShape, this.forgetBias ? unitForgetBias : tf.initializers.zeros());
    this.built = true;
  }

  override computeOutputShape(inputShape: tfjs.Shape | tfjs.Shape[]): tfjs.Shape {
    const [batch, steps] = onlyShape(inputShape);
    return this.spec.returnSequences ? [batch, steps, this.units] : [batch, this.units];
  }

  override computeMask(_: unknown, mask?: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
    const only = Array.isArray(mask) ? mask[0] : mask;
    return (this.spec.returnSequences ? (only ?? null) : null) as tfjs.Tensor;
  }

  override call(inputs: tfjs.Tensor | tfjs.Tensor[], kwargs: CallArguments): tfjs.Tensor {
    return tf.tidy(() => {
      const x = this.checkedInput(onlyTensor(this.name, inputs));
      const mask = this.checkedMask(x, kwargs?.mask);
      const [weights, recurrentKernel, bias] = this.weights.map((weight) => weight.read());
      return kernel().run(this.spec, {
        x,
        kernel: weights as tfjs.Tensor2D,
        recurrentKernel: recurrentKernel as tfjs.Tensor2D,
        bias,
        mask,
      });
    });
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

  private checkedMask(x: tfjs.Tensor3D, mask: CallArguments["mask"]): tfjs.Tensor2D | undefined {
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
    const { activation, resetAfter, goBackwards, returnSequences } = this.spec;
    const { units, forgetBias: unitForgetBias } = this;
    const own = { units, activation, resetAfter, goBackwards, returnSequences, unitForgetBias };
    return { ...super.getConfig(), ...own };
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

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997), as `keras.layers.LSTM`: `(B, T, E)` to
 * `(B, H)`, or `(B, T, H)` with `returnSequences`. Weights: kernel `[E, 4H]`, recurrent kernel
 * `[H, 4H]`, bias `[4H]`, gates in the order input, forget, candidate, output.
 */
export function lstm(options: LstmOptions): tfjs.layers.Layer {
  return new Lstm(options);
}

/**
 * Gated recurrent unit (Cho et al. 2014), as `keras.layers.GRU`: `(B, T, E)` to `(B, H)`, or
 * `(B, T, H)` with `returnSequences`. Weights: kernel `[E, 3H]`, recurrent kernel `[H, 3H]`, bias
 * `[2, 3H]` (`[3H]` without `resetAfter`), gates in the order update, reset, candidate.
 */
export function gru(options: GruOptions): tfjs.layers.Layer {
  return new Gru(options);
}

/**
 * Elman's recurrent layer (1990), as `keras.layers.SimpleRNN`: `(B, T, E)` to `(B, H)`, or
 * `(B, T, H)` with `returnSequences`. Weights: kernel `[E, H]`, recurrent kernel `[H, H]`, bias `[H]`.
 */
export function simpleRnn(options: SimpleRnnOptions): tfjs.layers.Layer {
  return new SimpleRnn(options);
}
