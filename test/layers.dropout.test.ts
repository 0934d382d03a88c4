import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { describeKernels } from "./recurrentKernels"; // first: it opens the choice of the kernel
import { drop, lookUp, seedEverything, tf } from "../lib/src/engine";
import { dropout } from "../lib/src/layers";

const size = 200_003;

/** Values of all kernels for the same call, to be compared with each other. */
const places: Float32Array[] = [];

describeKernels("dropout", () => {
  test.each([0.05, 0.3, 0.95])("drops its share, %d, and keeps the mean", (rate) => {
    const dropped = drop(tf.ones([size]), rate, 12345).dataSync<"float32">();
    const zeros = dropped.filter((value) => value === 0).length;
    // Five standard deviations of a binomial.
    const most = 5 * Math.sqrt((rate * (1 - rate)) / size);
    expect(Math.abs(zeros / size - rate)).toBeLessThan(most);
    const kept = new Set(dropped.filter((value) => value !== 0));
    expect([...kept]).toEqual([Math.fround(1 / (1 - rate))]);
  });

  test("drops neighbours, and the same place with other seeds, independently", () => {
    const rate = 0.5;
    const draws = [1, 2, 3, 2 ** 31].map((seed) => drop(tf.ones([size]), rate, seed).dataSync());
    const both = (a: ArrayLike<number>, b: ArrayLike<number>, lag: number) => {
      let count = 0;
      for (let i = lag; i < size; i++) count += Number(a[i] === 0 && b[i - lag] === 0);
      return count / (size - lag);
    };
    const most = 5 * Math.sqrt(0.25 * 0.75 * (1 / size));
    for (const lag of [1, 2, 16, 100, 128]) {
      expect(Math.abs(both(draws[0], draws[0], lag) - 0.25)).toBeLessThan(most);
    }
    for (const other of draws.slice(1)) {
      expect(Math.abs(both(draws[0], other, 0) - 0.25)).toBeLessThan(most);
    }
  });

  test("its gradient passes where values passed, on every kernel the same places", () => {
    const x = tf.linspace(1, 2, 5000).reshape([50, 100]);
    const dropped = drop(x, 0.4, 77);
    const gradient = tf.grad((input: tfjs.Tensor) => drop(input, 0.4, 77))(x);
    const expected = x.mul(gradient).sub(dropped).abs().max().dataSync()[0];
    expect(expected).toBeLessThan(1e-6);
    places.push(gradient.dataSync<"float32">());
    expect(places[places.length - 1]).toEqual(places[0]);
  });

  test("the layer drops while training alone, by seedEverything or by a seed of its own", () => {
    const x = tf.ones([8, 20]);
    const values = (layer: tfjs.layers.Layer, training: boolean) =>
      (layer.apply(x, { training }) as tfjs.Tensor).dataSync().join();
    const layer = dropout({ rate: 0.5 });
    expect(values(layer, false)).toBe(x.dataSync().join());
    seedEverything(4);
    const first = [values(layer, true), values(layer, true)];
    expect(first[0]).not.toBe(first[1]);
    seedEverything(4);
    expect([values(layer, true), values(layer, true)]).toEqual(first);
    const own = () => dropout({ rate: 0.5, seed: 9 });
    const [a, b] = [own(), own()];
    expect([values(a, true), values(a, true)]).toEqual([values(b, true), values(b, true)]);
    expect(values(own(), true)).not.toBe(first[0]);
  });

  test("the gradient of a table adds up all uses of an id", () => {
    const ids = tf.tensor2d(
      [
        [1, 3, 1],
        [0, 1, 3],
      ],
      [2, 3],
      "int32",
    );
    const upstream = tf.range(0, 12).reshape([2, 3, 2]);
    const gradient = tf.grad((table: tfjs.Tensor) =>
      lookUp(table as tfjs.Tensor2D, ids).mul(upstream),
    )(tf.zeros([5, 2]));
    expect(gradient.arraySync()).toEqual([
      [6, 7],
      [0 + 4 + 8, 1 + 5 + 9],
      [0, 0],
      [2 + 10, 3 + 11],
      [0, 0],
    ]);
  });
});
