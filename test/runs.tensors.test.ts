import * as fs from "node:fs";
import * as path from "node:path";
import * as fc from "fast-check";
import { Adam, StarlitError, tf } from "../lib/src/engine";
import { fit } from "../lib/src/training";
import { deleteCheckpoint, resumeCheckpoint } from "../lib/src/training/checkpoint";
import { readTensors, type TensorFile, writeTensors } from "../lib/src/training/tensorFile";
import { freshData } from "./support";
import { inputsOf } from "./properties";

const folder = freshData();
const file = path.join(folder, "a.safetensors");
const again = "train again";

const small: TensorFile<{ steps: number; name: string }> = {
  tensors: new Map([
    ["weight/0", { shape: [2, 2], data: Float32Array.of(1, -0, 1e-40, Math.PI) }],
    ["empty", { shape: [0], data: new Float32Array(0) }],
  ]),
  note: { steps: 7, name: "é\u2028" },
};

test("tensors and note come back bit for bit", () => {
  writeTensors(file, small);
  expect(readTensors(file, again)).toEqual(small);
});

test("the file is one of the safetensors format: header, then values at a multiple of 8", () => {
  writeTensors(file, small);
  const bytes = fs.readFileSync(file);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, 8 + length)) as Record<string, unknown>;
  expect(length % 8).toBe(0);
  expect(header["weight/0"]).toEqual({ dtype: "F32", shape: [2, 2], data_offsets: [0, 16] });
  // The format has texts alone in its metadata.
  for (const text of Object.values(header.__metadata__ as object))
    expect(typeof text).toBe("string");
  expect(bytes.readFloatLE(8 + length + 12)).toBe(Math.fround(Math.PI));
});

test("one flipped bit, and any cut, is a damaged file", () => {
  writeTensors(file, small);
  const whole = fs.readFileSync(file);
  const damaged = path.join(folder, "damaged.safetensors");
  const refused = (bytes: Buffer) => {
    fs.writeFileSync(damaged, bytes);
    let outcome: unknown;
    try {
      outcome = readTensors(damaged, again);
    } catch (error) {
      expect(error).toBeInstanceOf(StarlitError);
      expect((error as Error).message).toBe(
        `${damaged} is damaged, or an earlier version wrote it: delete it; train again.`,
      );
      return;
    }
    // The spaces that fill the header mean nothing.
    expect(outcome).toEqual(small);
  };
  const bit = fc.property(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 7 }), (at, which) => {
    const bytes = Buffer.from(whole);
    bytes[at] ^= 1 << which;
    refused(bytes);
  });
  fc.assert(bit, inputsOf(400, 5));
  const cut = fc.property(fc.nat({ max: whole.length - 1 }), (end) => {
    fs.writeFileSync(damaged, whole.subarray(0, end));
    expect(() => readTensors(damaged, again)).toThrow(/is damaged/);
  });
  fc.assert(cut, inputsOf(100, 5));
});

test.each([NaN, Infinity, -Infinity])("%d is refused though the file is whole", (value) => {
  const broken = { shape: [2], data: Float32Array.of(1, value) };
  writeTensors(file, { ...small, tensors: new Map([["weight/0", broken]]) });
  expect(() => readTensors(file, again)).toThrow(
    `${file} holds ${value} in weight/0, as a training leaves it that diverged: delete it; train again.`,
  );
});

describe("a checkpoint", () => {
  const x = { data: Float32Array.of(1, 2, 3, 4), shape: [4, 1] };
  const y = { data: Float32Array.of(2, 4, 6, 8), shape: [4] };

  function model() {
    const layers = tf.sequential();
    layers.add(tf.layers.dense({ units: 1, inputShape: [1] }));
    return layers;
  }

  const train = (checkpoint: string, epochs = 2) =>
    fit(model(), { x, y }, { epochs, loss: "meanSquaredError", checkpoint, progress: false });

  test("with a flipped weight, or without its number of steps, ends the training in a sentence", async () => {
    const own = path.join(folder, "flipped");
    await train(own);
    const checkpoint = path.join(own, "checkpoint.safetensors");
    const whole = fs.readFileSync(checkpoint);
    const flipped = Buffer.from(whole);
    flipped[whole.length - 3] ^= 4;
    const text = whole.toString("latin1").replace("iterations", "iterationz");
    for (const bytes of [flipped, Buffer.from(text, "latin1")]) {
      fs.writeFileSync(checkpoint, bytes);
      await expect(train(own, 3)).rejects.toThrow(
        `${checkpoint} is damaged, or an earlier version wrote it: delete it; the training then begins anew.`,
      );
    }
    fs.writeFileSync(checkpoint, whole);
    expect((await train(own, 3)).history.loss).toHaveLength(3);
  });

  test("that is a folder is said to be none, and can be deleted", async () => {
    const own = path.join(folder, "folder");
    const checkpoint = path.join(own, "checkpoint.safetensors");
    fs.mkdirSync(checkpoint, { recursive: true });
    await expect(train(own)).rejects.toThrow(
      `${checkpoint} is no file that can be read (EISDIR): remove it; the training then begins anew.`,
    );
    deleteCheckpoint(own);
    expect(
      resumeCheckpoint({ folder: own, identity: {}, optimizer: new Adam({}) }, model()),
    ).toBeNull();
    expect((await train(own)).history.loss).toHaveLength(2);
  });
});
