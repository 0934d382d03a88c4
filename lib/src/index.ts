/**
 * Everything that `import { … } from "starlit"` offers. Each name of a room stands by itself, as in
 * `import { lstm } from "starlit"`, and in its room, as `layers.lstm`; a study's names stand in the
 * study alone: `clothing.run`. Names are Keras's and scikit-learn's in camelCase, and so are the
 * values. `LayersModel`, `Sequential`, `SymbolicTensor` and what lies in `tf` are
 * TensorFlow.js's own.
 *
 * @categoryDescription data
 * Where texts come from: a catalogue of sources, and a loader for each data set.
 * @categoryDescription text
 * Cleaning, tokenizers, vocabularies, padding and splits.
 * @categoryDescription engine
 * TensorFlow, random numbers with a seed, and Adam.
 * @categoryDescription layers
 * Layers with Keras's names, weights and results.
 * @categoryDescription models
 * Parts of readers that several studies share, and linear models to hold beside networks.
 * @categoryDescription training
 * Training, prediction, searches, and runs that are stored and resumed.
 * @categoryDescription metrics
 * Scores of classes, ranks and numbers, with intervals and tests.
 * @categoryDescription plots
 * A function a figure, from plain data to a Vega-Lite specification, and what shows it.
 * @categoryDescription reviews
 * Reviews of one's own: from a table of texts and stars to a rater on a page.
 * @categoryDescription studies
 * A namespace a study: its protocol, its data, its networks and its published numbers.
 *
 * @packageDocumentation
 */
// Of the engine what a reader needs; the rest is for the other rooms.
export {
  Adam,
  type AdamOptions,
  type AdamState,
  button,
  checkAnswer,
  type DisplayData,
  displayBundle,
  type DisplayOptions,
  gpuName,
  Input,
  type KernelChoice,
  type NamedGradients,
  type NdArray,
  type Profile,
  profile,
  Random,
  type RecurrentInputs,
  type RecurrentKernel,
  type RecurrentKind,
  type RecurrentSpec,
  recurrentKernel,
  seedEverything,
  slider,
  StarlitError,
  textBox,
  tf,
  usesGpu,
  Widget,
  type WidgetFront,
} from "./engine";
export * from "./data";
export * from "./text";
export * from "./layers";
export * from "./models";
export * from "./training";
export * from "./metrics";
export * from "./plots";
export * from "./reviews";
export * from "./studies";
export * as data from "./data";
export * as text from "./text";
export * as layers from "./layers";
export * as models from "./models";
export * as training from "./training";
export * as metrics from "./metrics";
export * as plots from "./plots";
export * as reviews from "./reviews";
