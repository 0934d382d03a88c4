import type { HyperParameters, Network } from "./networks";

/** What the document prints about one of its models. */
export interface PublishedModel {
  /** Best of the search, trained again for the final model. */
  hyperParameters: HyperParameters;
  /** Parameters of the layers that have some, and their sum (`model.summary()`). */
  layers: readonly (readonly [name: string, parameters: number])[];
  parameters: number;
  /** The random search: best AUC on the *training* rows, that of the last trial, time in all. */
  search: { bestAuc: number; lastAuc: number; lastSeconds: number; minutes: number };
  /** The log of the final training, epoch by epoch. */
  history: { loss: number[]; auc: number[]; valLoss: number[]; valAuc: number[] };
  secondsPerEpoch: number[];
  /** The epoch with the least validation loss, from 1, whose weights are kept. */
  bestEpoch: number;
}

const minutes = (hours: number, mins: number, seconds: number) => 60 * hours + mins + seconds / 60;

/** "Best model fitting" and the "tuner results" sections, model by model. */
const models: Record<Network, PublishedModel> = {
  "lstm-2": {
    hyperParameters: { units: [64, 128], dropout: [0.1, 0.3, 0.1], learningRate: 1e-3 },
    layers: [
      ["embedding", 500_000],
      ["LSTM_layer_1", 42_240],
      ["LSTM_layer_2", 98_816],
      ["dense", 645],
    ],
    parameters: 641_701,
    search: {
      bestAuc: 0.8990048170089722,
      lastAuc: 0.5106742978096008,
      lastSeconds: 19,
      minutes: minutes(0, 22, 13),
    },
    history: {
      loss: [1.0006, 0.805, 0.7124, 0.6303, 0.5539, 0.4837, 0.432],
      auc: [0.7776, 0.8664, 0.8978, 0.9193, 0.9367, 0.9502, 0.9602],
      valLoss: [0.9077, 0.8838, 0.9173, 1.0262, 1.0731, 1.1385, 1.2717],
      valAuc: [0.8334, 0.8375, 0.826, 0.8148, 0.8048, 0.797, 0.7847],
    },
    secondsPerEpoch: [7, 5, 5, 5, 5, 5, 5],
    bestEpoch: 2,
  },
  "gru-1": {
    hyperParameters: { units: [256], dropout: [0.3, 0], learningRate: 1e-2 },
    layers: [
      ["embedding", 500_000],
      ["gru", 274_944],
      ["dense", 1_285],
    ],
    parameters: 776_229,
    search: {
      bestAuc: 0.9196551442146301,
      lastAuc: 0.6010494232177734,
      lastSeconds: 13,
      minutes: minutes(0, 13, 55),
    },
    history: {
      loss: [0.9966, 0.8167, 0.7818, 0.8893, 1.3606, 1.2331],
      auc: [0.7848, 0.8647, 0.8798, 0.8485, 0.6695, 0.6973],
      valLoss: [0.8905, 0.9227, 1.0584, 1.7444, 1.3322, 1.2754],
      valAuc: [0.8379, 0.8213, 0.7909, 0.6132, 0.6749, 0.6749],
    },
    secondsPerEpoch: [5, 3, 4, 4, 4, 4],
    bestEpoch: 1,
  },
  "gru-2": {
    hyperParameters: { units: [8, 16], dropout: [0.1, 0, 0.2], learningRate: 1e-2 },
    layers: [
      ["embedding", 500_000],
      ["gru", 2_640],
      ["gru_1", 1_248],
      ["dense", 85],
    ],
    parameters: 503_973,
    search: {
      bestAuc: 0.9008854627609253,
      lastAuc: 0.5173693895339966,
      lastSeconds: 29,
      minutes: minutes(0, 17, 44),
    },
    history: {
      loss: [0.9854, 0.7953, 0.6893, 0.6119, 0.5742, 0.5319],
      auc: [0.7876, 0.8709, 0.9039, 0.9238, 0.9334, 0.9424],
      valLoss: [0.8944, 0.9058, 0.9629, 1.0403, 1.1154, 1.1703],
      valAuc: [0.8317, 0.8308, 0.8184, 0.8073, 0.7932, 0.7807],
    },
    secondsPerEpoch: [18, 6, 4, 4, 4, 4],
    bestEpoch: 1,
  },
  "gru-4": {
    hyperParameters: {
      units: [8, 32, 32, 32],
      dropout: [0.3, 0, 0, 0, 0.2],
      learningRate: 1e-2,
    },
    layers: [
      ["embedding", 500_000],
      ["gru", 2_640],
      ["gru_1", 4_032],
      ["gru_2", 6_336],
      ["gru_3", 6_336],
      ["dense", 165],
    ],
    parameters: 519_509,
    search: {
      bestAuc: 0.8823961019515991,
      lastAuc: 0.5377457737922668,
      lastSeconds: 31,
      minutes: minutes(0, 39, 30),
    },
    history: {
      loss: [1.0049, 0.8301, 0.7469, 0.7257, 0.7347, 0.7678],
      auc: [0.7728, 0.8554, 0.8857, 0.8916, 0.8894, 0.8783],
      valLoss: [0.9036, 0.9475, 0.9469, 1.0494, 1.0631, 1.041],
      valAuc: [0.8298, 0.8212, 0.817, 0.7979, 0.7975, 0.7932],
    },
    secondsPerEpoch: [31, 27, 8, 7, 7, 7],
    bestEpoch: 1,
  },
};

/**
 * Every number that the document "Predicting customer product score by review text using LSTM and
 * GRU recurrent neural networks" prints, and the section where it stands.
 */
export const published = {
  versions: { where: "first cell", tensorflow: "2.10.0", keras: "2.10.0", python: "3.9.19" },
  data: { where: "Data inspection", rows: 23_486, columns: 11, withText: 22_641 },
  /** Characters of the texts, as pandas' `describe` prints them. */
  textLength: {
    where: "EDA - statistics and visualizations",
    count: 22_641,
    mean: 308.687911,
    std: 143.940048,
    min: 9,
    q25: 186,
    median: 301,
    q75: 459,
    max: 508,
  },
  /** Characters of the first five texts, as written and after cleaning. */
  firstTexts: {
    where: "Data cleaning",
    ratings: [4, 5, 3, 5, 5],
    lengths: [53, 303, 500, 124, 192],
    cleanedLengths: [43, 187, 312, 92, 112],
  },
  /** Rows with 1, 2, 3, 4 and 5 stars in each part. */
  split: {
    where: "Splitting into testing, training, and validation data",
    seed: 42,
    testShare: 0.2,
    validationShare: 0.3,
    train: [479, 865, 1598, 2737, 6999],
    validation: [178, 374, 660, 1189, 3033],
    test: [164, 310, 565, 982, 2508],
    /** Ratings of the first five training rows. */
    firstTrainRatings: [5, 1, 5, 4, 5],
  },
  sequences: { where: "Splitting into …", vocabularySize: 5000, longest: 61, embeddingDim: 100 },
  search: {
    where: "Hyperparameter tuning",
    trials: 50,
    epochs: 3,
    objective: "auc",
    units: {
      "lstm-2": [8, 16, 32, 64, 128],
      "gru-1": [8, 16, 32, 64, 128, 256, 512],
      "gru-2": [8, 16, 32, 64],
      "gru-4": [8, 16, 32, 64],
    },
    dropout: [0, 0.1, 0.2, 0.3, 0.4],
    learningRate: [1e-2, 1e-3, 1e-4, 1e-5],
    /** "Hyperparameter optimization procedure summary" and "Possible future improvements" differ. */
    writeUp: { epochs: 5, objective: "recall", points: { "gru-4": 1600 } },
  },
  training: {
    where: "Best model fitting",
    batchSize: 32,
    epochs: 15,
    monitor: "valLoss",
    patience: 5,
    stepsPerEpoch: 397,
    /** The text above the code says two epochs. */
    writeUp: { patience: 2 },
  },
  models,
  /** LSTM-2 on the test rows; the confusion matrix is a picture, and these two are in the text. */
  test: { where: "General takeaways", model: "lstm-2", weightedF1: 0.596, fiveStarRecall: 0.89 },
} as const;
