"use strict";
// Messages between the grader and the process that runs a submission: a line of JSON each, numbers
// as base64.

const kinds = { f32: Float32Array, i32: Int32Array };

/** A message as a line. */
function encode(message) {
  const text = JSON.stringify(message, (_, value) => {
    const kind = Object.keys(kinds).find((name) => value instanceof kinds[name]);
    if (!kind) return value;
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return { [kind]: bytes.toString("base64") };
  });
  return `${text}\n`;
}

/** The message of a line. */
function decode(line) {
  return JSON.parse(line, (_, value) => {
    const kind = value && Object.keys(kinds).find((name) => typeof value[name] === "string");
    if (!kind) return value;
    const bytes = Buffer.from(value[kind], "base64");
    const Kind = kinds[kind];
    return new Kind(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  });
}

module.exports = { encode, decode };
