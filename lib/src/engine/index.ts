import "./shortcuts";
import "./values";

export type { LayersModel, SymbolicTensor } from "@tensorflow/tfjs";
export { checkAnswer } from "./answer";
export type { NdArray } from "./arrays";
export {
  currentCell,
  type DisplayData,
  type DisplayOptions,
  displayBundle,
  inNotebook,
} from "./display";
export { StarlitError } from "./errors";
export { checkOptions, knownNames } from "./options";
export { type Profile, profile, projectRoot } from "./environment";
export { Random } from "./random";
export { nextSeed, seedEverything, withSeed } from "./seed";
export { gpuName, tensorflowEnvironment } from "./device";
export { threadCount } from "./cores";
export { tf, usesGpu } from "./tensorflow";
export { Adam, type AdamOptions, type AdamState, type NamedGradients } from "./adam";
export {
  type KernelChoice,
  type RecurrentInputs,
  type RecurrentKernel,
  type RecurrentKind,
  type RecurrentSpec,
  gateCount,
  kernel,
  recurrentKernel,
  releaseMemory,
} from "./kernels";
export { button, Input, slider, textBox, Widget, type WidgetFront } from "./widgets";
export { drop } from "./drop";
export { lookUp } from "./lookUp";
export { numbersOf } from "./numbers";
