// The work that is timed. Plain data: each peer's program reads a row as JSON.

const recurrent = (id, name, cell, [batch, vocabulary, steps, embedding, ...units], more = {}) => ({
  id,
  name,
  kind: "recurrent",
  cell,
  activation: "tanh",
  batch,
  vocabulary,
  steps,
  embedding,
  units,
  peers: ["ours", "pytorch", "keras"],
  stepsPerRound: 8,
  ...more,
});

/** A study by its published protocol, from raw text to test score: once in a run, for it takes minutes. */
const whole = (id, name, protocol) => ({
  id,
  name,
  kind: "whole",
  peers: ["ours", "pytorch", "keras"],
  stepsPerRound: 1,
  ...protocol,
});

export const rows = [
  recurrent("lstm-small", "LSTM 64", "lstm", [64, 10_000, 100, 64, 64], {
    peers: ["ours", "pytorch", "keras", "stock"],
  }),
  recurrent("lstm", "LSTM 128", "lstm", [64, 20_000, 200, 128, 128]),
  recurrent("lstm-clothing", "LSTM 64 → 128, study 2", "lstm", [32, 5_000, 61, 100, 64, 128]),
  recurrent("lstm-lab", "LSTM 128, study 5", "lstm", [64, 5_000, 100, 32, 128]),
  recurrent("lstm-imdb", "LSTM 128, study 4", "lstm", [64, 20_000, 272, 100, 128]),
  recurrent("gru-clothing", "GRU 256, study 2", "gru", [32, 5_000, 61, 100, 256]),
  recurrent("elman-imdb", "Elman 128, study 4", "simpleRnn", [64, 20_000, 272, 100, 128]),
  recurrent("lstm-softmax", "LSTM 200 softmax, study 3", "lstm", [1_000, 20_000, 200, 20, 200], {
    activation: "softmax",
    stepsPerRound: 2,
    notes: { pytorch: "no such cell in PyTorch: a loop over the steps" },
  }),
  {
    ...recurrent("attention", "LSTM 128 + attention, study 4", "lstm", [64, 20_000, 272, 100, 128]),
    kind: "attention",
  },
  {
    ...recurrent(
      "attention-tweets",
      "LSTM 128 + attention, study 4, tweets",
      "lstm",
      [64, 14_000, 22, 100, 128],
    ),
    kind: "attention",
    stepsPerRound: 24,
  },
  {
    id: "mlp",
    name: "MLP 2470 → … → 1, study 1",
    kind: "mlp",
    batch: 64,
    widths: [2470, 2048, 1024, 1024, 512, 64, 12, 12, 1],
    peers: ["ours", "pytorch", "keras"],
    stepsPerRound: 12,
  },
  {
    id: "tokenizer",
    name: "25,000 reviews → ids, Keras's Tokenizer",
    kind: "data",
    method: "tokenizer",
    numWords: 20_000,
    maxlen: 200,
    peers: ["ours", "keras"],
    stepsPerRound: 1,
  },
  {
    id: "english",
    name: "25,000 reviews → ids, English tokens",
    kind: "data",
    method: "english",
    minimumCount: 5,
    maxlen: 272,
    peers: ["ours", "spacy"],
    stepsPerRound: 1,
  },
  whole("whole-clothing", "study 2, LSTM-2: from text to weighted F1", {
    study: "clothing",
    model: "lstm-2",
    tokens: "keras",
    clean: true,
    vocabulary: 5000,
    classes: 5,
    embedding: 100,
    units: [64, 128],
    dropout: [0.1, 0.3, 0.1],
    batch: 32,
    epochs: 15,
    patience: 5,
    score: "weightedF1",
  }),
  whole("whole-imdb", "study 4a, LSTM with attention: from text to accuracy", {
    study: "attention",
    model: "imdb-lstm-attention",
    tokens: "english",
    attention: true,
    classes: 1,
    embedding: 100,
    units: [128],
    batch: 64,
    epochs: 15,
    score: "accuracy",
  }),
  whole("whole-tweets", "study 4b, LSTM with attention: from text to accuracy", {
    study: "attention",
    model: "tweets-lstm-attention",
    tokens: "english",
    attention: true,
    classes: 3,
    embedding: 100,
    units: [128],
    batch: 64,
    epochs: 15,
    score: "accuracy",
  }),
  whole("whole-lab", "study 5, LSTM 128: from text to accuracy", {
    study: "lab",
    model: "lstm",
    tokens: "keras",
    vocabulary: 5000,
    length: 100,
    classes: 1,
    embedding: 32,
    units: [128],
    batch: 64,
    epochs: 3,
    score: "accuracy",
  }),
];

const gates = { lstm: 4, gru: 3, simpleRnn: 1 };

/** GFLOP of the recurrent layers' matrix products, forward and backward, in one step. */
export function recurrentGflop(row) {
  let [features, products] = [row.embedding, 0];
  for (const units of row.units) {
    products += row.batch * row.steps * (features + units) * gates[row.cell] * units;
    features = units;
  }
  // A multiplication and an addition each; backward needs two products for each one of forward.
  return (products * 2 * 3) / 1e9;
}

/** Shapes of a row's first weights, in the order of Keras's `model.get_weights()`. */
export function weightShapes(row) {
  if (row.kind === "mlp") {
    return row.widths.slice(1).flatMap((width, i) => [[row.widths[i], width], [width]]);
  }
  const shapes = [[row.vocabulary, row.embedding]];
  let features = row.embedding;
  for (const units of row.units) {
    const columns = gates[row.cell] * units;
    shapes.push(
      [features, columns],
      [units, columns],
      row.cell === "gru" ? [2, columns] : [columns],
    );
    features = units;
  }
  const heads = row.kind === "attention" ? 2 : 1;
  for (let i = 0; i < heads; i++) shapes.push([features, 1], [1]);
  return shapes;
}
