import * as starlit from "../lib/src";
import { checkOptions, knownNames, StarlitError, tf } from "../lib/src/engine";

const known = ["units", "returnSequences", "dropout", "recurrentDropout", "kernelInitializer"];

test.each([
  ["return_sequences", 'lstm has no option "return_sequences": did you mean "returnSequences"?'],
  ["returnsequences", 'lstm has no option "returnsequences": did you mean "returnSequences"?'],
  ["unit", 'lstm has no option "unit": did you mean "units"?'],
  ["droput", 'lstm has no option "droput": did you mean "dropout"?'],
  ["colour", `lstm has no option "colour": use ${known.join(", ")}.`],
])("an option nobody reads, %s, is refused", (name, message) => {
  expect(() => checkOptions("lstm", { [name]: 1 }, known)).toThrow(message);
});

test("known options pass, also undefined ones", () => {
  expect(() => checkOptions("lstm", { units: 4, dropout: undefined }, known)).not.toThrow();
});

test("a value is met with the nearest name, or with all", () => {
  expect(knownNames("makro", ["macro", "weighted", "micro"])).toBe('did you mean "macro"?');
  expect(knownNames("x", ["macro", "weighted"])).toBe("use macro, weighted.");
});

describe("who takes options", () => {
  const model = () => {
    const built = tf.sequential();
    built.add(tf.layers.dense({ units: 1, inputShape: [1] }));
    return built;
  };
  const rows = { x: [[1], [2]], y: [1, 2] };
  const found = { yTrue: [0, 1], yPred: [0, 1], metric: starlit.accuracyScore };
  // As plain JavaScript calls them: nothing tells it what is missing.
  const needed: Record<string, (options: never) => unknown> = {
    fit: (options) => starlit.fit(model(), rows, options),
    evaluate: (options) => starlit.evaluate(model(), rows, options),
    RandomSearch: (options) => new starlit.RandomSearch(options),
    SuccessiveHalving: (options) => new starlit.SuccessiveHalving(options),
    lstm: starlit.lstm,
    gru: starlit.gru,
    simpleRnn: starlit.simpleRnn,
    bidirectional: starlit.bidirectional,
    embedding: starlit.embedding,
    dropout: starlit.dropout,
    wordDropout: starlit.wordDropout,
    wordPairs: starlit.wordPairs,
    slider: starlit.slider,
    textBox: starlit.textBox,
    spellingIds: (options) => starlit.spellingIds(["good"], options),
    sampleRows: (options) => starlit.sampleRows([1, 2], options),
    chooseBag: starlit.chooseBag,
    "The bootstrap": (options) =>
      starlit.bootstrapInterval(found.yTrue, found.yPred, found.metric, options),
    learningCurves: (options) => starlit.learningCurves([], options),
    confusionMatrices: (options) => starlit.confusionMatrices([], options),
    publishedVersusOurs: (options) => starlit.publishedVersusOurs([], options),
    labelProportions: (options) => starlit.labelProportions([], options),
    histograms: (options) => starlit.histograms([], options),
    attentionMap: (options) => starlit.attentionMap([], options),
    attentionOverEpochs: (options) => starlit.attentionOverEpochs([], [], options),
    parallelCoordinates: (options) => starlit.parallelCoordinates([], options),
    scoreByParameter: (options) => starlit.scoreByParameter([], options),
  };
  const optional: typeof needed = {
    LogisticRegression: (options) => new starlit.LogisticRegression(options),
    Ridge: (options) => new starlit.Ridge(options),
    NaiveBayesLogistic: (options) => new starlit.NaiveBayesLogistic(options),
    CountVectorizer: (options) => new starlit.CountVectorizer(options),
    TfidfVectorizer: (options) => new starlit.TfidfVectorizer(options),
    Tokenizer: (options) => new starlit.Tokenizer(options),
    Adam: (options) => new starlit.Adam(options),
    predict: (options) => starlit.predict(model(), rows.x, options),
    storedRun: (options) => starlit.storedRun({} as never, () => Promise.reject(), options),
    binaryAccuracy: (options) => starlit.binaryAccuracy({} as never, {} as never, options),
    table: (options) => starlit.table([], options),
    show: (options) => starlit.show({} as never, options),
    displayBundle: (options) => starlit.displayBundle({}, options),
    loadImdbReviews: (options) => starlit.loadImdbReviews(options),
    loadTweets: (options) => starlit.loadTweets(options),
    kerasImdbIds: (options) => starlit.kerasImdbIds("good", new Map(), options),
    padSequences: (options) => starlit.padSequences([[1]], options),
    tokenizeEnglish: (options) => starlit.tokenizeEnglish("good", options),
    meanOverTime: starlit.meanOverTime,
    maxOverTime: starlit.maxOverTime,
    attentionWeights: starlit.attentionWeights,
    weightedSum: starlit.weightedSum,
    positionWeights: starlit.positionWeights,
  };
  const message = async (call: () => unknown) => {
    try {
      await call();
    } catch (error) {
      expect(error).toBeInstanceOf(StarlitError);
      return (error as Error).message;
    }
    return "nothing was said";
  };

  test.each(Object.entries({ ...needed, ...optional }))(
    "%s says which option it does not know",
    async (name, call) => {
      const options = { colour: "red" } as never;
      expect(await message(() => call(options))).toContain(`${name} has no option "colour"`);
    },
  );

  test.each(Object.entries(needed))("%s says that it needs options", async (name, call) => {
    expect(await message(() => call(undefined as never))).toContain(
      `${name} takes its options as an object: give { `,
    );
  });
});
