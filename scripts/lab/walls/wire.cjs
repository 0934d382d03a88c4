"use strict";
// The child's end of the pipe between the grader and a process within walls: descriptor 3.
//   to the child:   length, then a message as `v8.serialize` writes it
//   from the child: lengths of both parts, then JSON, then the numbers of its arrays as raw bytes
// What is used here is taken before any foreign code runs in the process, and an answer is written
// without a method that such code could have replaced. Between two messages the process stands
// still, timers included: it waits in `readSync`.
const { readSync, writeSync } = require("node:fs");
const { deserialize } = require("node:v8");

const { stringify } = JSON;
const { keys, getPrototypeOf, getOwnPropertyDescriptor } = Object;
const { isArray } = Array;
const { isFinite } = Number;
/** @type {(method: Function, target: unknown, values: unknown[]) => any} */
const apply = Reflect.apply;
const Bytes = Uint8Array;
const Numbers = Uint32Array;

const typedArray = getPrototypeOf(Int32Array.prototype);
const getter = (name) => /** @type {Function} */ (getOwnPropertyDescriptor(typedArray, name)?.get);
const read = {
  __proto__: null,
  kind: getter(Symbol.toStringTag),
  buffer: getter("buffer"),
  offset: getter("byteOffset"),
  bytes: getter("byteLength"),
};
const marks = { __proto__: null, Float32Array: "f32", Int32Array: "i32" };

const PIPE = 3;

/** Fills `bytes` from the pipe; `false` where the grader has closed it. */
function fill(bytes, length) {
  for (let done = 0; done < length;) {
    const count = readSync(PIPE, bytes, done, length - done, null);
    if (count === 0) return false;
    done += count;
  }
  return true;
}

/** The next message, or `null` at the end of all. */
function receive() {
  const length = new Numbers(1);
  if (!fill(new Bytes(length.buffer), 4)) return null;
  const bytes = new Bytes(length[0]);
  return fill(bytes, length[0]) ? deserialize(bytes) : null;
}

/**
 * Writes a message of plain data: numbers, texts, lists, objects, and `Float32Array` and
 * `Int32Array`, which travel as bytes.
 */
function send(message) {
  const arrays = { __proto__: null, count: 0, bytes: 0 };
  const text = encode(message, arrays);
  const header = new Bytes(8);
  const encoded = toBytes(text);
  const lengths = new Numbers(header.buffer);
  lengths[0] = apply(read.bytes, encoded, []);
  lengths[1] = arrays.bytes;
  writeAll(header, 8);
  writeAll(encoded, lengths[0]);
  for (let i = 0; i < arrays.count; i++) {
    const array = arrays[i];
    const length = apply(read.bytes, array, []);
    const start = apply(read.offset, array, []);
    writeAll(new Bytes(apply(read.buffer, array, []), start, length), length);
  }
}

const encoder = new TextEncoder();
const encodeText = TextEncoder.prototype.encode;
const toBytes = (text) => apply(encodeText, encoder, [text]);

function writeAll(bytes, length) {
  for (let done = 0; done < length;) done += writeSync(PIPE, bytes, done, length - done);
}

function encode(value, arrays) {
  if (typeof value === "string") return stringify(value);
  if (typeof value === "number") return isFinite(value) ? `${value}` : "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value !== "object" || value === null) return "null";
  const kind = apply(read.kind, value, []);
  if (kind !== undefined) {
    arrays[arrays.count++] = value;
    const start = arrays.bytes;
    arrays.bytes += apply(read.bytes, value, []);
    return `{"${marks[kind]}":[${start},${arrays.bytes}]}`;
  }
  let text = "";
  if (isArray(value)) {
    for (let i = 0; i < value.length; i++) text += (i ? "," : "") + encode(value[i], arrays);
    return `[${text}]`;
  }
  const names = keys(value);
  for (let i = 0; i < names.length; i++) {
    text += `${i ? "," : ""}${stringify(names[i])}:${encode(value[names[i]], arrays)}`;
  }
  return `{${text}}`;
}

module.exports = { receive, send };
