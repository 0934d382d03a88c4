"use strict";
// A model built anew from what journal.cjs tells of it: of the library's own layers alone, so that
// nothing of a submission runs where it is judged.

/** More than any model of a lab has, and no burden. */
const MOST_WEIGHTS = 5_000_000;
const MOST_CALLS = 200;
const MOST_TEXT = 20_000;
const LARGEST = 1_000_000;

/** Layers that are models, or that hold models. */
const excluded = ["Model", "Functional", "Sequential", "RNN", "StackedRNNCells"];

/**
 * @param {object} tf TensorFlow.js
 * @param {object} made as `modelOf` in journal.cjs tells it
 * @returns {object | null} the model; `null` where a layer is none of the library's
 * @throws where the model is too large or can't be built
 */
function rebuild(tf, { input, layers, calls }) {
  if (layers.length > MOST_CALLS || calls.length > MOST_CALLS) return null;
  if (!input || calls.length === 0 || !layers.every(({ name }) => isOurs(tf, name))) return null;
  const shape = plain(input.shape);
  if (!Array.isArray(shape)) throw new Error("it can't be read.");
  const inputs = tf.input({ shape: shape.slice(1), dtype: plain(input.dtype) });
  const built = layers.map((layer) => makeLayer(tf, layer));
  const tensors = [inputs];
  for (const { layer, from } of calls) {
    const given = from.map((place) => tensors[place]);
    // An input layer in a Sequential model stands for the input.
    const made = layers[layer].name === "InputLayer" ? inputs : apply(built[layer], given);
    if (weightsOf(built) > MOST_WEIGHTS) {
      throw new Error(`the model has more than ${MOST_WEIGHTS.toLocaleString("en")} weights.`);
    }
    tensors.push(made);
  }
  return tf.model({ inputs, outputs: tensors.at(-1) });
}

const apply = (layer, given) => layer.apply(given.length === 1 ? given[0] : given);
const weightsOf = (layers) =>
  layers.reduce((sum, layer) => sum + (layer?.built ? layer.countParams() : 0), 0);

function classOf(tf, name) {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  return Object.hasOwn(classNameMap, name) ? classNameMap[name][0] : null;
}

function isOurs(tf, name) {
  if (typeof name !== "string" || excluded.includes(name)) return false;
  const Class = classOf(tf, name);
  return Class !== null && Class.prototype instanceof tf.layers.Layer;
}

function makeLayer(tf, { name, config }) {
  if (name === "InputLayer") return null;
  const { name: _, ...settings } = plain(config);
  const Class = classOf(tf, name);
  return Class.fromConfig(Class, settings);
}

/** Plain data of a text, no larger than a layer's settings are. */
function plain(text) {
  if (typeof text !== "string" || text.length > MOST_TEXT) throw new Error("it can't be read.");
  return JSON.parse(text, (_, value) => {
    if (typeof value === "number" && Math.abs(value) > LARGEST) {
      throw new Error(`it has the number ${value} in it, which is none of this lab's.`);
    }
    return value;
  });
}

module.exports = { rebuild };
