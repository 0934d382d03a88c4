"use strict";
// What calls made a model: a journal that is kept while cells run, from which the judge builds the
// model anew. A model's own word for how it was made is worth nothing, since a cell may change
// whatever it can reach; the journal's notes lie in this closure, where no cell reaches, and each is
// the trace of a call that was really made. Hence nothing is called here, once cells run, that a
// cell could have replaced.

const { apply: call, defineProperty } = Reflect;
const { getPrototypeOf } = Object;
const { isArray } = Array;
const { stringify } = JSON;

/** Layers or calls of a model; more has none of a lab. */
const MOST = 200;

/** A map whose keys are held weakly and whose methods stay what they are. */
function notes() {
  const map = new WeakMap();
  const { get, set } = WeakMap.prototype;
  return { get: (key) => call(get, map, [key]), set: (key, value) => call(set, map, [key, value]) };
}

/** Puts a value at the end of a list, past any setter that lists may have got. */
function append(items, value) {
  const settings = { __proto__: null, value, writable: true, enumerable: true, configurable: true };
  defineProperty(items, items.length, settings);
}

const isObject = (value) => typeof value === "object" && value !== null;

/** `instanceof`, which a class may redefine. */
function isA({ prototype }, value) {
  for (let link = value; isObject(link); link = getPrototypeOf(link)) {
    if (link === prototype) return true;
  }
  return false;
}

/** The symbolic tensors of a call: one, or a list. */
function copied(given) {
  const items = [];
  if (!isArray(given)) append(items, given);
  else for (let i = 0; i < given.length && i < MOST; i++) append(items, given[i]);
  return items;
}

function asText(value) {
  try {
    return stringify(value) ?? "null";
  } catch {
    return "null";
  }
}

/**
 * Begins a journal: replaces methods of TensorFlow.js.
 *
 * @param {object} tf TensorFlow.js
 * @returns {{ input: Function, begin: () => void, modelOf: (value: unknown) => object }}
 *   `input` takes the place of `tf.input`; what is noted after `begin` belongs to the next item
 */
function journal(tf) {
  const { LayersModel, Sequential, input: makeInput } = tf;
  const { Layer } = tf.layers;
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const names = notes(); // prototype → name of a layer's class of the library
  for (const name of Object.keys(classNameMap)) names.set(classNameMap[name][0].prototype, name);

  let item = 0;
  let adding = 0; // calls of `add` that are under way: what they apply is not a cell's doing
  const inputs = notes(); // symbolic tensor → it came from `tf.input`
  const applied = notes(); // symbolic tensor → the call that made it
  const stacks = notes(); // Sequential model → its layers, and the item of the last one
  const stacked = notes(); // layer → it stands in a Sequential model

  const { apply } = Layer.prototype;
  Layer.prototype.apply = function (given, kwargs) {
    const made = call(apply, this, [given, kwargs]);
    if (adding === 0 && isObject(made)) {
      applied.set(made, { __proto__: null, layer: this, from: copied(given), item });
    }
    return made;
  };
  const { add, pop } = Sequential.prototype;
  Sequential.prototype.add = function (layer) {
    adding++;
    try {
      call(add, this, [layer]);
    } finally {
      adding--;
    }
    const stack = stacks.get(this) ?? { __proto__: null, layers: [], item };
    append(stack.layers, layer);
    stack.item = item;
    stacks.set(this, stack);
    stacked.set(layer, true);
  };
  Sequential.prototype.pop = function () {
    call(pop, this, []);
    stacks.get(this).layers.length--;
  };

  function input(config) {
    const tensor = makeInput(config);
    inputs.set(tensor, true);
    return tensor;
  }

  /**
   * How a model was made: `api`, "sequential", "functional", "wrapped" (by `tf.model`, but not of
   * layers that were applied to what `tf.input` returned) or "none"; `own`, whether in the item at
   * hand; its layers, with `name` null where a cell wrote the class; its calls, whose `from` counts
   * the input as 0 and the calls from 1. No calls where they are not known.
   */
  function modelOf(value) {
    /** @type {{ __proto__: null, api: string, own: boolean, input: object | null, layers: object[], calls: object[] }} */
    const told = { __proto__: null, api: "none", own: false, input: null, layers: [], calls: [] };
    if (!isA(LayersModel, value)) return told;
    const known = []; // layers in the order of told.layers
    const tellCall = (layer, from) => {
      let place = 0;
      while (place < known.length && known[place] !== layer) place++;
      if (place === known.length) {
        append(known, layer);
        const name = names.get(getPrototypeOf(layer)) ?? null;
        const config = name === null ? "" : asText(layer.getConfig());
        append(told.layers, { __proto__: null, name, config });
      }
      append(told.calls, { __proto__: null, layer: place, from });
      return told.calls.length;
    };
    const tellInput = ({ shape, dtype }) => {
      told.input = { __proto__: null, shape: asText(shape), dtype: asText(dtype) };
    };

    if (isA(Sequential, value)) {
      const stack = stacks.get(value);
      told.api = "sequential";
      if (!stack || stack.layers.length === 0) return told;
      told.own = stack.item === item;
      tellInput(value.inputs[0]);
      for (let i = 0; i < stack.layers.length && i < MOST; i++) tellCall(stack.layers[i], [i]);
      return told;
    }

    told.api = "functional";
    const seen = notes(); // symbolic tensor → its number
    const walk = (tensor) => {
      const number = seen.get(tensor);
      if (number !== undefined) return number;
      const from = [];
      if (inputs.get(tensor)) {
        if (told.input !== null) throw new Error("the model must have one input and one output.");
        tellInput(tensor);
        seen.set(tensor, 0);
        return 0;
      }
      const made = isObject(tensor) ? applied.get(tensor) : undefined;
      if (!made || told.calls.length >= MOST) throw unknown;
      if (isA(Sequential, made.layer) || stacked.get(made.layer)) throw unknown;
      for (let i = 0; i < made.from.length; i++) append(from, walk(made.from[i]));
      const own = tellCall(made.layer, from);
      seen.set(tensor, own);
      return own;
    };
    try {
      if (value.outputs.length !== 1) return told;
      const output = value.outputs[0];
      walk(output);
      told.own = applied.get(output)?.item === item;
    } catch (error) {
      if (error !== unknown) throw error;
      told.api = "wrapped";
      told.calls = [];
    }
    return told;
  }

  return { input, begin: () => void item++, modelOf };
}

/** Thrown where a model's history is not known. */
const unknown = { __proto__: null };

module.exports = { journal };
