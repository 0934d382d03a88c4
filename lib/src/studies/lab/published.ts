/**
 * Every number that the lab "Using Many-to-One for movie rating prediction" (2021) prints, and the
 * section where it stands.
 */
export const published = {
  parameters: {
    where: "Parameters of the model",
    topWords: 5000,
    maxReviewLength: 100,
    indexFrom: 3,
    embeddingDim: 32,
    units: 128,
  },
  data: {
    where: "Data content",
    train: 25_000,
    test: 25_000,
    longest: 2494,
    bins: 100,
    /** Ids in the first two training reviews. */
    lengths: [218, 189],
    firstIds: [1, 14, 22, 16, 43, 530, 973, 1622, 1385, 65, 458, 4468, 66, 3941, 4, 173],
    /** Its last ids, which are the last of the padded review as well. */
    lastIds: [88, 12, 16, 283, 5, 16, 4472, 113, 103, 32, 15, 16, 2, 19, 178, 32],
  },
  training: { where: "First model", epochs: 3, batchSize: 64 },
  /** By epoch; `expected` is what students are told to obtain. */
  models: {
    mean: {
      where: "First model, Results",
      history: {
        accuracy: [0.6551, 0.8063, 0.8357],
        loss: [0.6647, 0.4987, 0.4007],
        valAccuracy: [0.7869, 0.819, 0.8332],
        valLoss: [0.5411, 0.4263, 0.3809],
      },
      expected: [0.83, 0.84],
    },
    lstm: {
      where: "Second model, Results",
      history: {
        accuracy: [0.7007, 0.8722, 0.8899],
        loss: [0.5475, 0.3118, 0.2744],
        valAccuracy: [0.8358, 0.8212, 0.8462],
        valLoss: [0.3766, 0.4063, 0.3684],
      },
      expected: [0.84, 0.85],
    },
  },
  /** "great" and the 19 words nearest to it. */
  nearest: {
    where: "Using the trained embedding to find equivalence between words",
    words: (
      "great excellent perfect wonderful 7 highly 8 amazing best love favorite superb today 9 " +
      "brilliant fantastic well loved recommended enjoyed"
    ).split(" "),
  },
} as const;
