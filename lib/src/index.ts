/**
 * Everything that `import { … } from "starlit"` offers, by room. Names are Keras's and scikit-learn's
 * in camelCase, and so are the values. `LayersModel`, `SymbolicTensor` and what lies in `tf` are
 * TensorFlow.js's own.
 *
 * @categoryDescription data
 * Where texts come from: a catalogue of sources, and a loader for each data set.
 * @categoryDescription text
 * Cleaning, tokenizers, vocabularies, padding and splits.
 * @categoryDescription engine
 * TensorFlow, random numbers with a seed, Adam, and the kernel of the recurrent layers.
 * @categoryDescription layers
 * Layers with Keras's names, weights and results.
 * @categoryDescription models
 * The models of the studies, and linear ones to hold beside them.
 * @categoryDescription training
 * Training, prediction, searches, and runs that are stored and resumed.
 * @categoryDescription metrics
 * Scores of classes, ranks and numbers, with intervals and tests.
 * @categoryDescription plots
 * A function a figure, from plain data to a Vega-Lite specification, and what shows it.
 * @categoryDescription studies
 * A study's protocol, its data and its published numbers.
 *
 * @packageDocumentation
 */
export * from "./engine";
export * from "./data";
export * from "./text";
export * from "./layers";
export * from "./models";
export * from "./training";
export * from "./metrics";
export * from "./plots";
export * from "./studies";
