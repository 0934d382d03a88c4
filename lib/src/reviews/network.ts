import type { LayersModel } from "@tensorflow/tfjs";
import { type NdArray, StarlitError, tf, withSeed } from "../engine";
import { reviewReader } from "../models";
import { buildVocabulary, padSequences } from "../text";
import { balancedClassWeight, fit } from "../training";
import { finished, type Learned, type Lesson, placesOf, uncalibrated } from "./learn";
import type { Review } from "./load";
import { type Numbers, packFloats, packRounded } from "./pack";
import { type PackedRater, startAndEnd, unpack, wordsOf } from "./player.cjs";
import type { RatingScale } from "./ratings";
import { LONGEST_TEXT, network } from "./sizes";

/** The tokens of reviews, cut where they are too long. */
const tokensOf = (reviews: readonly Review[], length: number) =>
  reviews.map(({ text }) => startAndEnd(wordsOf(text), length));

/** So long that nineteen of twenty texts fit. */
function lengthFor(tokens: readonly (readonly string[])[]): number {
  const lengths = Int32Array.from(tokens, ({ length }) => length).sort();
  const most = lengths[Math.floor(0.95 * (lengths.length - 1))];
  return Math.max(10, Math.min(LONGEST_TEXT, most));
}

/** A network that is to be trained, and how its texts become ids. */
interface Prepared {
  model: LayersModel;
  tokens: readonly string[];
  length: number;
  x: (reviews: readonly Review[]) => NdArray<Int32Array>;
  y: (reviews: readonly Review[]) => NdArray<Float32Array>;
  classWeight: Record<number, number>;
}

function prepare({ train, scale, sizes }: Lesson, seed: number): Prepared {
  const all = tokensOf(train, LONGEST_TEXT);
  const length = lengthFor(all);
  const vocabulary = buildVocabulary(all, { maxSize: sizes.vocabularySize, minFrequency: 2 });
  const { embeddingDim, pairDim, units, dropout, wordDropout, balance } = network;
  const classes = scale.values.length;
  const model = withSeed(seed, () =>
    reviewReader({
      recurrent: "lstm",
      reading: "pairs",
      units,
      pairs: { pairBuckets: sizes.pairBuckets, pairDim, wordDropout },
      mask: true,
      dropout: [dropout, dropout],
      vocabularySize: vocabulary.size,
      embeddingDim,
      classes,
    }),
  );
  return {
    model,
    tokens: vocabulary.tokens,
    length,
    x: (reviews) =>
      padSequences(
        tokensOf(reviews, length).map((each) => vocabulary.encode(each)),
        { maxlen: length, padding: "post" },
      ),
    y: (reviews) => {
      const data = new Float32Array(reviews.length * classes);
      placesOf(reviews, scale).forEach((place, row) => (data[row * classes + place] = 1));
      return { data, shape: [reviews.length, classes] };
    },
    classWeight: balancedClassWeight(placesOf(train, scale), balance),
  };
}

/**
 * The reader of words and pairs of words, trained until the validation reviews say that it is enough.
 *
 * @param checkpoint folder where it goes on after a kill
 * @param progress what the training is called, or `false`
 * @throws StarlitError if the reader stops the training
 */
export async function learnNetwork(
  lesson: Lesson,
  { seed, checkpoint, progress }: { seed: number; checkpoint: string; progress: string | false },
): Promise<Learned> {
  const { train, validation, scale, sizes } = lesson;
  const prepared = prepare(lesson, seed);
  const { model, x, y } = prepared;
  try {
    const history = await fit(
      model,
      { x: x(train), y: y(train) },
      {
        epochs: sizes.epochs,
        batchSize: sizes.batchSize,
        optimizer: { learningRate: network.learningRate },
        loss: "categoricalCrossentropy",
        validation: { x: x(validation), y: y(validation) },
        metrics: ["accuracy"],
        earlyStopping: { patience: sizes.patience, restoreBestWeights: true },
        classWeight: prepared.classWeight,
        seed,
        checkpoint,
        progress,
      },
    );
    if (history.ended === "interrupt") {
      throw new StarlitError("The training was stopped; the same command goes on from there.");
    }
    return finished(packNetwork(prepared, scale), lesson);
  } finally {
    model.dispose();
  }
}

/**
 * Seconds that an epoch will take on this machine: two steps are taken with a network that is thrown
 * away, the second on the clock.
 */
export async function secondsOfEpoch(lesson: Lesson): Promise<number> {
  const { train, sizes } = lesson;
  const few = { ...lesson, train: train.slice(0, 2 * sizes.batchSize) };
  const { model, x, y } = prepare({ ...few, train: train.slice(0, 5000) }, 1);
  try {
    const options = {
      epochs: 2,
      batchSize: sizes.batchSize,
      loss: "categoricalCrossentropy",
      progress: false,
    } as const;
    const rows = { x: x(few.train), y: y(few.train) };
    const { seconds } = await fit(model, rows, options);
    return (seconds[1] / few.train.length) * train.length;
  } finally {
    model.dispose();
  }
}

/** The numbers of a trained network, its tables rounded to 8 bits. */
export function packNetwork(
  { model, tokens, length }: Pick<Prepared, "model" | "tokens" | "length">,
  { values, labels }: RatingScale,
): PackedRater {
  const of = (name: RegExp) =>
    model.weights
      .filter((weight) => name.test(weight.originalName))
      .map((weight): Numbers => {
        const tensor = weight.read();
        const columns = tensor.shape.at(-1)!;
        const data = tensor.dataSync();
        return { data, shape: [data.length / columns, columns] };
      });
  const [words, pairs] = of(/embeddings$/);
  const [kernel] = of(/^lstm.*\/kernel$/);
  const [recurrent] = of(/^lstm.*\/recurrent_kernel$/);
  const [bias] = of(/^lstm.*\/bias$/);
  const [look] = of(/^attention\/kernel$/);
  const [lookBias] = of(/^attention\/bias$/);
  const [dense] = of(/^dense.*\/kernel$/);
  const [denseBias] = of(/^dense.*\/bias$/);
  return {
    kind: "pairs",
    values,
    labels,
    terms: tokens.join("\n"),
    tables: {
      words: packRounded(words, 8),
      pairs: packRounded(pairs, 8),
      kernel: packFloats(kernel),
      recurrent: packFloats(recurrent),
      bias: packFloats(bias),
      look: packFloats(look),
      lookBias: packFloats(lookBias),
      dense: packFloats(dense),
      denseBias: packFloats(denseBias),
    },
    length,
    calibration: uncalibrated(values.length),
  };
}

/**
 * The library's own network with the numbers of a rater, as `reviewReader` builds it: what the rater's
 * own reading is held to.
 */
export function networkOf(packed: PackedRater): LayersModel {
  const { words, pairs, kernel, recurrent, bias, look, lookBias, dense, denseBias } = packed.tables;
  const model = reviewReader({
    recurrent: "lstm",
    reading: "pairs",
    units: recurrent.shape[0],
    pairs: { pairBuckets: pairs.shape[0], pairDim: pairs.shape[1], wordDropout: 0 },
    mask: true,
    dropout: [0, 0],
    vocabularySize: words.shape[0],
    embeddingDim: words.shape[1],
    classes: packed.values.length,
  });
  // Their order is that of the layers.
  const tables = [words, kernel, recurrent, bias, pairs, look, lookBias, dense, denseBias];
  tf.tidy(() => {
    const shapes = model.weights.map((weight) => weight.shape as number[]);
    model.setWeights(tables.map((table, i) => tf.tensor(unpack(table), shapes[i])));
  });
  return model;
}
