/** One of the six published models, in the document's order. */
export type Family = "mlp" | "rnn" | "lstm-1" | "lstm-2" | "cnn-lstm" | "gru-2";

/** What was published of a model: the lowest errors of its learning curve, ratings divided by 10. */
export interface PublishedModel {
  family: Family;
  letter: string;
  name: string;
  /** As in the table (figure 12). */
  train: number;
  validation: number;
  /** As in the text under the model's own figure, where that differs from the table. */
  inText?: { train: number; validation: number };
}

const models: readonly PublishedModel[] = [
  { family: "mlp", letter: "A", name: "MLP", train: 0.26, validation: 0.3 },
  { family: "rnn", letter: "B", name: "RNN", train: 0.11, validation: 0.1 },
  {
    family: "lstm-1",
    letter: "C",
    name: "LSTM-1",
    train: 0.06,
    validation: 0.07,
    inText: { train: 0.07, validation: 0.06 },
  },
  { family: "lstm-2", letter: "D", name: "LSTM-2", train: 0.09, validation: 0.08 },
  { family: "cnn-lstm", letter: "E", name: "CNN-LSTM", train: 0.07, validation: 0.06 },
  { family: "gru-2", letter: "F", name: "GRU-2", train: 0.1, validation: 0.09 },
];

/** Every number that the document on numerical ratings from film reviews prints. */
export const published = {
  /** Columns of the input: the words of the longest training review, cut at white space. */
  width: 2470,
  /** Length of the two convolutions' output, flattened. */
  flattened: 3984,
  epochs: 100,
  models,
  /** Figure 2. */
  sampleRow: {
    titleId: "tt0406816",
    primaryTitle: "The Guardian",
    startYear: 2006,
    runtimeMinutes: 139,
    genres: ["Action", "Adventure", "Drama"],
    rating: 10,
    begins: "I went and saw this movie last night after being",
  },
} as const;
