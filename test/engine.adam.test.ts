import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { describeKernels } from "./recurrentKernels"; // first: it opens the choice of the kernel
import { Adam, type AdamOptions, kernel, Random, seedEverything, tf } from "../lib/src/engine";
import { dropout, embedding, gru, lstm } from "../lib/src/layers";
import { trainStep } from "../lib/src/training";

const meanSquaredError = (yTrue: tfjs.Tensor, yPred: tfjs.Tensor) =>
  tf.losses.meanSquaredError(yTrue, yPred) as tfjs.Scalar;

function makeModel(): tfjs.LayersModel {
  seedEverything(5);
  return tf.sequential({
    layers: [
      embedding({ inputDim: 50, outputDim: 20, inputLength: 30 }),
      dropout({ rate: 0.3 }),
      lstm({ units: 24, returnSequences: true }),
      gru({ units: 16 }),
      tf.layers.dense({ units: 2 }),
    ],
  });
}

function batch(): { x: tfjs.Tensor; y: tfjs.Tensor } {
  const random = new Random(9);
  return {
    x: tf.tensor2d(random.randint(0, 50, 64 * 30), [64, 30], "int32"),
    y: tf.tensor2d(
      Float32Array.from({ length: 128 }, () => random.random()),
      [64, 2],
    ),
  };
}

/** Losses of some steps, and the weights after them. */
function train(model: tfjs.LayersModel, optimizer: Adam, steps: number, seed = 1) {
  const { x, y } = batch();
  seedEverything(seed);
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    const { loss, predictions } = trainStep(model, optimizer, meanSquaredError, x, y);
    losses.push(loss.dataSync()[0]);
    tf.dispose([loss, predictions]);
  }
  tf.dispose([x, y]);
  const weights = model.getWeights().map((weight) => weight.dataSync<"float32">().slice());
  return { losses, weights };
}

const asArrays = (_: string, value: unknown) =>
  value instanceof Float32Array ? { floats: [...value] } : value;
const fromArrays = (_: string, value: { floats?: number[] }) =>
  value?.floats ? Float32Array.from(value.floats) : value;

// By our own operation, and by TensorFlow's, as all other kernels.
describeKernels(
  "Adam",
  () => {
    test("learns, and twice the same bits from the same seed", () => {
      const first = train(makeModel(), new Adam({ learningRate: 0.01 }), 12);
      expect(first.losses[11]).toBeLessThan(first.losses[0] / 3);
      expect(train(makeModel(), new Adam({ learningRate: 0.01 }), 12)).toEqual(first);
    });

    test.each<AdamOptions>([{}, { decay: 0.1 }, { clipNorm: 0.05 }])(
      "goes on from its state as if it had not stopped: %j",
      (options) => {
        const whole = makeModel();
        const adam = new Adam({ learningRate: 0.01, ...options });
        train(whole, adam, 3, 1);
        const expected = train(whole, adam, 3, 2);

        const begun = makeModel();
        const first = new Adam({ learningRate: 0.01, ...options });
        train(begun, first, 3, 1);
        const state = JSON.parse(JSON.stringify(first.state(), asArrays), fromArrays) as ReturnType<
          Adam["state"]
        >;
        const continued = makeModel();
        continued.setWeights(begun.getWeights());
        const second = new Adam({ learningRate: 0.01, ...options });
        second.restore(state);
        const copy = state.moments[0].m.slice();
        expect(train(continued, second, 3, 2)).toEqual(expected);
        expect(state.moments[0].m).toEqual(copy); // the state is not used as working memory
        expect(second.iterations).toBe(6);
      },
    );

    test("a state of another model is refused", () => {
      const adam = new Adam();
      adam.restore({
        iterations: 1,
        moments: [{ m: new Float32Array(3), v: new Float32Array(3) }],
      });
      expect(() => train(makeModel(), adam, 1)).toThrow(/has 3 numbers and the variable 1000/);
    });

    test.each<[string, (weight: tfjs.Tensor) => tfjs.Tensor]>([
      ["clones", (weight) => weight.clone()],
      ["views", (weight) => weight.expandDims(0)],
    ])("%s of weights stay as they were when the weights are updated", (_, copyOf) => {
      const model = makeModel();
      const adam = new Adam({ learningRate: 0.01 });
      train(model, adam, 1);
      const copies = model.getWeights().map((weight) => tf.keep(copyOf(weight)));
      const before = copies.map((copy) => copy.dataSync().slice());
      train(model, adam, 2);
      copies.forEach((tensor, i) => expect(tensor.dataSync()).toEqual(before[i]));
      expect(model.getWeights()[0].dataSync()).not.toEqual(before[0]);
    });

    test("works in model.compile, and many steps leave no tensor behind", async () => {
      const model = makeModel();
      const adam = new Adam({ learningRate: 0.01 });
      model.compile({ optimizer: adam, loss: "meanSquaredError" });
      const { x, y } = batch();
      const first = (await model.trainOnBatch(x, y)) as number;
      train(model, adam, 2);
      const tensors = tf.memory().numTensors;
      for (let i = 0; i < 10; i++) await model.trainOnBatch(x, y);
      train(model, adam, 10);
      (model.predict(x) as tfjs.Tensor).dispose();
      expect(tf.memory().numTensors).toBe(tensors);
      expect((await model.trainOnBatch(x, y)) as number).toBeLessThan(first);
      adam.dispose();
      const each = kernel().name === "native" ? 2 : 3; // TensorFlow's operation holds the weights as well
      expect(tf.memory().numTensors).toBe(tensors - each * model.trainableWeights.length);
    });

    test("weights that are set between two updates are those that the next one changes", () => {
      const x = tf.variable(tf.tensor1d([1, 2]));
      const adam = new Adam({ learningRate: 0.1 });
      const update = () => adam.applyGradients({ [x.name]: tf.tensor1d([1, 1]) });
      update();
      x.assign(tf.tensor1d([5, 7]));
      update();
      // A gradient that stays the same moves a weight by the learning rate.
      [4.9, 6.9].forEach((value, i) => expect(x.dataSync()[i]).toBeCloseTo(value, 5));
      adam.dispose();
      x.dispose();
    });

    test.each([undefined, 0.5])(
      "made anew from its configuration, it does the same: clipNorm %s",
      (clipNorm) => {
        const make = () => new Adam({ learningRate: 0.1, decay: 0.2, epsilon: 1e-6, clipNorm });
        const again = new Adam(make().getConfig() as AdamOptions);
        const [first, second] = [make(), again].map((adam) => {
          const x = tf.variable(tf.tensor1d([1, -2]));
          for (let i = 0; i < 3; i++) adam.applyGradients({ [x.name]: tf.tensor1d([3, 4]) });
          return [...x.dataSync()];
        });
        expect(second).toEqual(first);
      },
    );
  },
  ["native", "block"],
);

test.each<[object, string]>([
  [{ learning_rate: 0.1 }, 'Adam has no option "learning_rate": did you mean "learningRate"?'],
  [{ learningRate: 0 }, "Adam: learningRate is 0: give a number above 0."],
  [{ learningRate: NaN }, "Adam: learningRate is NaN: give a number above 0."],
  [{ beta1: 1 }, "Adam: beta1 is 1: give a number from 0 to below 1."],
  [{ beta2: -0.1 }, "Adam: beta2 is -0.1: give a number from 0 to below 1."],
  [{ epsilon: "1e-7" }, "Adam: epsilon is 1e-7: give a number above 0."],
  [{ decay: -1 }, "Adam: decay is -1: give a number from 0."],
  [{ clipNorm: 0 }, "Adam: clipNorm is 0: give a number above 0."],
])("%j is refused", (options, message) => {
  expect(() => new Adam(options as AdamOptions)).toThrow(message);
});

test("a new Adam of the configuration of another makes the same steps", () => {
  for (const options of [{}, { learningRate: 0.01, decay: 0.1, clipNorm: 0.5 }]) {
    const adam = new Adam(options);
    const again = new Adam(adam.getConfig() as AdamOptions);
    expect(again.getConfig()).toEqual(adam.getConfig());
    expect(train(makeModel(), again, 3)).toEqual(train(makeModel(), adam, 3));
  }
});
