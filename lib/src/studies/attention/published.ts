/** Scores of one part of the data, as the document prints them. */
export interface PublishedScores {
  loss?: number;
  accuracy: number;
  precision: number;
  recall: number;
  f1: number;
}

/** Scores of one model on the three parts of the data. */
export interface PublishedParts {
  train: PublishedScores;
  validation: PublishedScores;
  test: PublishedScores;
}

const scores = (
  accuracy: number,
  precision: number,
  recall: number,
  f1: number,
  loss?: number,
) => ({
  accuracy,
  precision,
  recall,
  f1,
  ...(loss !== undefined && { loss }),
});

/** Models of the first part, film reviews. */
const imdb: Record<"lstm-attention" | "ffnn" | "rnn", PublishedParts> = {
  "lstm-attention": {
    train: scores(0.9983, 0.9984, 0.9982, 0.9983, 0.0056),
    validation: scores(0.8715, 0.8756, 0.8635, 0.8554, 0.858),
    test: scores(0.8648, 0.8665, 0.8661, 0.8637),
  },
  ffnn: {
    train: scores(0.8705, 0.87, 0.87, 0.86, 0.3),
    validation: scores(0.843, 0.81, 0.83, 0.82, 0.36),
    test: scores(0.8648, 0.84, 0.9, 0.87),
  },
  rnn: {
    train: scores(0.5191, 0.52, 0.41, 0.45, 0.69),
    validation: scores(0.5266, 0.52, 0.35, 0.4, 0.69),
    test: scores(0.5375, 0.56, 0.4, 0.46),
  },
};

/** Models of the second part, tweets. */
const tweets: typeof imdb = {
  "lstm-attention": {
    train: scores(0.8423, 0.8496, 0.8117, 0.8222, 0.7093),
    validation: scores(0.6142, 0.5995, 0.5647, 0.567, 0.9302),
    test: scores(0.7961, 0.8182, 0.7491, 0.7596),
  },
  ffnn: {
    train: scores(0.9793, 0.98, 0.98, 0.98, 0.07),
    validation: scores(0.5721, 0.53, 0.54, 0.54, 2.47),
    test: scores(0.6312, 0.64, 0.58, 0.61),
  },
  rnn: {
    train: scores(0.4575, 1, 0.56, 0.72, 1.04),
    validation: scores(0.4558, 1, 0.56, 0.71, 1.03),
    test: scores(0.4417, 1, 0.55, 0.71),
  },
};

/** Every number that the document "LSTM with Attention" prints, and the section where it stands. */
export const published = {
  training: { where: "Training, Validation and Testing", epochs: 15, batchSize: 64, monitor: "f1" },
  vocabulary: { where: "Tokenisation", minFrequency: 5, special: ["PAD", "UNK"] },
  imdb: {
    where: "Binary Classification",
    train: 20_000,
    validation: 2500,
    test: 2500,
    length: 272,
    models: imdb,
    /** Texts that its attention maps show, and their true class. */
    sentences: [
      {
        label: 1,
        text:
          "This movie is a true gem. The remarkable visuals, engaging plot, and stellar performances " +
          "come together to create a powerful and memorable experience. It's a must-watch for fans " +
          "of exceptional storytelling.",
        predicted: 1,
      },
      {
        label: 0,
        text:
          "A lacklustre effort at creating suspense, marred by a clichéd script and uninspired " +
          "performances. The story drags on without any real tension, leaving the audience bored " +
          "and uninterested.",
        predicted: 0,
      },
    ],
  },
  tweets: {
    where: "Multi-Class Classification",
    validationShare: 0.2,
    pool: {
      /**
       * It skipped malformed lines, and cut the others at the tab: to a reader of commas, a line with a
       * comma is malformed. None is in the rows that it prints, and in its maps a comma is unknown.
       */
      comma: ",",
      /** A guess: of its share of neutral tweets, and of the accuracy of who says neutral alone. */
      testFile: "twitter-2013dev-A",
      /** Numbers and labels of the first rows that it prints, before it shuffles them. */
      head: [
        { id: "100000794790727680", label: 2 },
        { id: "100000831528632320", label: 2 },
        { id: "100001038454624257", label: 0 },
        { id: "100001199650123776", label: 0 },
        { id: "100001239336628224", label: 2 },
      ],
      /** Tokens a row of its attention maps. */
      length: 21,
    },
    models: tweets,
    sentences: [
      {
        label: 2,
        text:
          "Thrilled with this purchase! The product is even better than described, with top-notch " +
          "quality and great functionality. Highly recommend it to anyone looking for something " +
          "reliable and worth every penny!",
        predicted: 2,
      },
      {
        label: 1,
        text:
          "The product arrived promptly and matches the description. It's decent quality, not " +
          "outstanding, but it gets the job done and meets my needs for now.",
        predicted: 1,
      },
      {
        label: 0,
        text:
          "Extremely let down by this product. It feels cheaply made, doesn't perform as promised, " +
          "and was a complete waste of money. I wouldn't recommend it to anyone.",
        predicted: 1,
      },
    ],
  },
} as const;
