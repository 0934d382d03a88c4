/**
 * Every number that the document "IMDB Movie Review Sentiment Classification, Episode 4: Attention
 * Mechanism" prints, and the section where it stands.
 */
export const published = {
  data: { where: "II. Extracting Data", words: 88_584, train: 25_000, test: 25_000 },
  sequences: { where: "III. Data Preprocessing", length: 200, vocabularySize: 20_000 },
  model: {
    where: "IV. Machine Learning Model",
    embeddingDim: 20,
    dropout: 0.95,
    parameters: 576_821,
    /** Parameters of the layers that have some. */
    layers: [400_000, 176_800, 21],
  },
  training: {
    where: "IV. Machine Learning Model",
    learningRate: 5e-3,
    decay: 1e-6,
    batchSize: 1000,
    minEpochs: 20,
    /** When the test accuracy falls: the rate is divided, and a fresh Adam gets another decay. */
    restart: { divisor: 10, decay: 1e-5 },
  },
  /** The log, epoch by epoch; accuracy and loss of the training rows are taken with dropout on. */
  history: {
    where: "IV. Machine Learning Model",
    loss: [
      0.6926, 0.6857, 0.6731, 0.6518, 0.6248, 0.5991, 0.5727, 0.5515, 0.5313, 0.5174, 0.5044,
      0.4932, 0.4856, 0.4767, 0.4688, 0.4647, 0.4568, 0.4566, 0.4522, 0.4512, 0.4521,
    ],
    accuracy: [
      0.5111, 0.5996, 0.626, 0.6509, 0.6672, 0.685, 0.6979, 0.7103, 0.7213, 0.724, 0.7284, 0.7372,
      0.7356, 0.7402, 0.7478, 0.7471, 0.7519, 0.7547, 0.7526, 0.7507, 0.7518,
    ],
    testLoss: [
      0.6895, 0.6809, 0.6636, 0.6366, 0.6037, 0.5699, 0.5379, 0.5101, 0.4857, 0.4649, 0.4476,
      0.4337, 0.4213, 0.412, 0.4028, 0.3964, 0.3909, 0.3899, 0.3891, 0.3884, 0.3878,
    ],
    testAccuracy: [
      0.6783, 0.7223, 0.7371, 0.7529, 0.7698, 0.7968, 0.8086, 0.8244, 0.8335, 0.8394, 0.8435,
      0.8446, 0.8492, 0.8523, 0.8525, 0.8556, 0.855, 0.8555, 0.8559, 0.8564, 0.856,
    ],
  },
  secondsPerEpoch: { where: "IV. Machine Learning Model", train: 73, test: 53 },
  /** The test loss of the summary stands nowhere in the log. */
  summary: {
    where: "V. Summary",
    trainLoss: 0.45,
    trainAccuracy: 0.752,
    testLoss: 0.33,
    testAccuracy: 0.856,
  },
} as const;

const { loss, accuracy, testLoss, testAccuracy } = published.history;

/** The log by the names of our curves: what validates there are the test rows. */
export const publishedCurves = { loss, accuracy, valLoss: testLoss, valAccuracy: testAccuracy };
