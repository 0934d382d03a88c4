import type * as tfjs from "@tensorflow/tfjs";
import { StarlitError, tf } from "../engine";
import { type CallOptions, type Layer, type LayerOfSeveral, withStates } from "./layer";
import {
  checkLayerOptions,
  type LayerOptions,
  listOf,
  oneOf,
  onlyShape,
  type StockOptions,
} from "./options";
import { Recurrent } from "./recurrent";
import { fromSaved, type Saved, savedForm } from "./weights";

/** How the two directions become one: beside each other, added, multiplied, their mean, or not. */
export type MergeMode = "concat" | "sum" | "mul" | "ave" | null;

/** Options of {@link bidirectional}. */
export interface BidirectionalOptions extends LayerOptions {
  /** One of `lstm`, `gru`, `simpleRnn`; it is copied, and is not itself a part of the model. */
  layer: Layer | LayerOfSeveral;
  /** Default "concat": `2H` features; `null` gives the two as two outputs. */
  mergeMode?: MergeMode;
}

const mergers: Record<string, (ahead: tfjs.Tensor, back: tfjs.Tensor) => tfjs.Tensor> = {
  concat: (ahead, back) => tf.concat([ahead, back], -1),
  sum: (ahead, back) => ahead.add(back),
  mul: (ahead, back) => ahead.mul(back),
  ave: (ahead, back) => ahead.add(back).div(2),
};

class BothDirections extends tf.layers.Layer {
  /** @nocollapse */
  static className = "BothDirections";
  private readonly forward: tfjs.layers.Layer;
  private readonly backward: tfjs.layers.Layer;
  private readonly saved: Saved;
  private readonly mergeMode: MergeMode;
  private readonly returnSequences: boolean;
  private readonly returnState: boolean;

  constructor(options: Omit<BidirectionalOptions, "layer"> & { layer: tfjs.layers.Layer | Saved }) {
    super(options as StockOptions);
    const { layer, mergeMode = "concat" } = options;
    const modes = Object.keys(mergers) as Exclude<MergeMode, null>[];
    this.mergeMode = mergeMode && oneOf("bidirectional", "mergeMode", mergeMode, modes);
    this.saved = savedForm(layer as Saved) as unknown as Saved;
    const { className, config } = this.saved;
    const copy = (direction: string, goBackwards: boolean) => {
      const name = `${direction}_${String(config.name)}`;
      return fromSaved<tfjs.layers.Layer>({ className, config: { ...config, name, goBackwards } });
    };
    this.forward = copy("forward", Boolean(config.goBackwards));
    this.backward = copy("backward", !config.goBackwards);
    this.returnSequences = Boolean(config.returnSequences);
    this.returnState = Boolean(config.returnState);
    this.supportsMasking = true;
  }

  /** Each direction is put into a graph of its own, which makes its weights and names them after it. */
  override build(inputShape: tfjs.Shape | tfjs.Shape[]): void {
    const batchShape = onlyShape(inputShape);
    for (const layer of [this.forward, this.backward]) layer.apply(tf.input({ batchShape }));
    this.built = true;
  }

  override get trainableWeights(): tfjs.layers.Layer["trainableWeights"] {
    if (!this.trainable) return [];
    return [...this.forward.trainableWeights, ...this.backward.trainableWeights];
  }

  override get nonTrainableWeights(): tfjs.layers.Layer["trainableWeights"] {
    if (!this.trainable) return [...this.forward.weights, ...this.backward.weights];
    return [...this.forward.nonTrainableWeights, ...this.backward.nonTrainableWeights];
  }

  override get losses(): tfjs.layers.Layer["losses"] {
    return [...this.forward.losses, ...this.backward.losses];
  }

  override setFastWeightInitDuringBuild(value: boolean): void {
    this.forward.setFastWeightInitDuringBuild(value);
    this.backward.setFastWeightInitDuringBuild(value);
  }

  override computeOutputShape(inputShape: tfjs.Shape | tfjs.Shape[]): tfjs.Shape | tfjs.Shape[] {
    const [shape, ...states] = (
      Array.isArray(inputShape[0]) ? inputShape : [inputShape]
    ) as tfjs.Shape[];
    const shapesOf = (layer: tfjs.layers.Layer, given: tfjs.Shape[]) => {
      const shapes = layer.computeOutputShape(given.length > 0 ? [shape, ...given] : shape);
      return (this.returnState ? shapes : [shapes]) as tfjs.Shape[];
    };
    const half = Math.ceil(states.length / 2);
    const [ahead, ...aheadStates] = shapesOf(this.forward, states.slice(0, half));
    const [back, ...backStates] = shapesOf(this.backward, states.slice(half));
    const width = (this.mergeMode === "concat" ? 2 : 1) * ahead[ahead.length - 1]!;
    const outputs = this.mergeMode === null ? [ahead, back] : [[...ahead.slice(0, -1), width]];
    const all = [...outputs, ...aheadStates, ...backStates];
    return all.length > 1 ? all : all[0];
  }

  override computeMask(inputs: tfjs.Tensor, mask?: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
    const [ofOutput, ...ofStates] = [this.forward.computeMask(inputs, mask)].flat();
    const outputs = this.mergeMode === null ? [ofOutput, ofOutput] : [ofOutput];
    const all = [...outputs, ...ofStates, ...ofStates];
    return (all.length > 1 ? all : all[0]) as tfjs.Tensor;
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
      const [x, ...states] = listOf(inputs);
      const half = Math.ceil(states.length / 2);
      const run = (layer: tfjs.layers.Layer, given: tfjs.Tensor[]) =>
        listOf(layer.call([x, ...given], options));
      const [ahead, ...aheadStates] = run(this.forward, states.slice(0, half));
      const [turned, ...backStates] = run(this.backward, states.slice(half));
      const back = this.returnSequences ? turned.reverse(1) : turned;
      const outputs = [ahead, back].map((output) => this.masked(output, options?.mask));
      const merged =
        this.mergeMode === null ? outputs : [mergers[this.mergeMode](outputs[0], outputs[1])];
      const all = [...merged, ...aheadStates, ...backStates];
      return all.length > 1 ? all : all[0];
    });
  }

  /** As in Keras, the states of all steps are 0 at those that are masked, and not carried on. */
  private masked(output: tfjs.Tensor, mask: CallOptions["mask"]): tfjs.Tensor {
    const [only] = listOf(mask);
    return only && this.returnSequences ? output.mul(only.toFloat().expandDims(2)) : output;
  }

  override getConfig(): tfjs.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      layer: { className: this.saved.className, config: this.saved.config },
      mergeMode: this.mergeMode,
    };
  }
}

tf.serialization.registerClass(BothDirections);

/**
 * Reads a sequence from both ends, as `keras.layers.Bidirectional`: `(B, T, E)` to `(B, 2H)`, or
 * `(B, T, 2H)` where the layer has `returnSequences`; without `mergeMode: "concat"` `H` in place of
 * `2H`. Weights: those of the forward layer, then those of the backward layer. With `returnSequences`
 * the outputs of masked steps are 0.
 *
 * With the layer's `returnState` the forward states follow the output, then the backward states, in
 * the same order in which `apply([x, ...states])` takes them.
 *
 * @throws StarlitError if the layer is none of `lstm`, `gru`, `simpleRnn`, or an option is unknown
 */
export function bidirectional(
  options: BidirectionalOptions & ({ layer: LayerOfSeveral } | { mergeMode: null }),
): LayerOfSeveral;
export function bidirectional(options: BidirectionalOptions): Layer;
export function bidirectional(options: BidirectionalOptions): Layer | LayerOfSeveral {
  checkLayerOptions("bidirectional", options, ["layer", "mergeMode"]);
  if (!(options.layer instanceof Recurrent)) {
    throw new StarlitError(
      "bidirectional turns lstm, gru and simpleRnn of this library round: give one of them as layer.",
    );
  }
  return new BothDirections(options) as unknown as Layer;
}
