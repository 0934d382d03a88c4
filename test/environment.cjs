// TensorFlow.js asks `x instanceof Float32Array`; jest gives each test file a realm of its own, in
// which arrays made by native code would fail that question. So the tests share the outer arrays.
const { TestEnvironment } = require("jest-environment-node");

// The tests' own process.env is a copy that TensorFlow does not see: what engine/tensorflow.ts sets
// is set here as well.
const { tensorflowEnvironment } = require("../lib/dist/engine/device");
Object.assign(process.env, tensorflowEnvironment(process.env));

module.exports = class extends TestEnvironment {
  /** @override */
  async setup() {
    await super.setup();
    for (const name of [
      "Float32Array",
      "Float64Array",
      "Int32Array",
      "Uint8Array",
      "Uint8ClampedArray",
      "BigInt64Array",
      "ArrayBuffer",
    ]) {
      this.global[name] = globalThis[name];
    }
  }
};
