/** What the rows that a model is tested on had already been used for when its score was taken. */
export interface TestDataUse {
  /** Id of the study. */
  study: string;
  /** Names of the models, as a reader calls them. */
  models: string;
  /** Which of the study's models these are, by their names. */
  covers: RegExp;
  testedOn: string;
  /** What chose the epoch, the sizes and the rates. */
  chosenOn: string;
  /** What the scores of the test rows were used for; "nothing" where they were taken once, at the end. */
  testRowsUsedFor: string;
}

/**
 * Model by model, what touched the test data. A score whose test rows were used for a choice may be too
 * good; of those that say "nothing" it is not, for that reason.
 */
export const testDataUse: readonly TestDataUse[] = [
  {
    study: "rating",
    models: "A to F, every reading",
    covers: /^(mlp|rnn|lstm-\d|cnn-lstm|gru-2)-(bag|ids|first-seen|in-order)/,
    testedOn: "the 25,000 reviews of the test folder, as published",
    chosenOn: "nothing was chosen; 100 epochs",
    testRowsUsedFor: "the lowest error of the 100 epochs is the score, as published",
  },
  {
    study: "rating",
    models: "rnn, lstm, gru, attention",
    covers: /^(rnn|lstm|gru|attention(-crossentropy|-ordinal|-number)?)$/,
    testedOn: "the test folder",
    chosenOn: "a tenth of the training folder, of films of its own",
    testRowsUsedFor: "nothing",
  },
  {
    study: "rating",
    models: "pairs, pairs-mean, pairs-metadata",
    covers: /^pairs(?!-new-films)/,
    testedOn: "the test folder",
    chosenOn: "a tenth of the training folder, of films of its own (once at random)",
    testRowsUsedFor: "the design was found in study 4 with its scores in view",
  },
  {
    study: "rating",
    models: "pairs and bag, films drawn anew",
    covers: /^(pairs|bag)-new-films$/,
    testedOn: "a fifth of the training folder, films drawn anew for each seed",
    chosenOn: "a tenth of the rest, of films of its own",
    testRowsUsedFor: "nothing as a whole; single reviews had validated other trainings",
  },
  {
    study: "rating",
    models: "ridge, logistic, bag",
    covers: /^(ridge(-pairs)?|logistic|bag)$/,
    testedOn: "the test folder",
    chosenOn: "fixed, or the same validation films (bag)",
    testRowsUsedFor: "nothing",
  },
  {
    study: "clothing",
    models: "LSTM-2, GRU-1, GRU-2, GRU-4",
    covers: /^(lstm|gru)-\d$/,
    testedOn: "the published 4,529 test reviews",
    chosenOn: "validation reviews; sizes as published",
    testRowsUsedFor: "nothing",
  },
  {
    study: "clothing",
    models: "sound and its ablations, bag",
    covers: /^(sound(?!-pairs)|bag$)/,
    testedOn: "the same test reviews",
    chosenOn: "validation reviews",
    testRowsUsedFor: "nothing",
  },
  {
    study: "clothing",
    models: "pairs",
    covers: /^sound-pairs/,
    testedOn: "the same test reviews",
    chosenOn: "validation reviews; the design comes from study 4",
    testRowsUsedFor: "made after the test scores of sound and of the linear models had been read",
  },
  {
    study: "simplified-attention",
    models: "lstm and the ablations, as published",
    covers: /^(lstm|gru|rnn|mean|constant|attention|no-dropout)$/,
    testedOn: "the 25,000 reviews of the test folder",
    chosenOn: "the test reviews",
    testRowsUsedFor: "they steer the learning rate and choose the epoch, as published",
  },
  {
    study: "simplified-attention",
    models: "lstm-sound, all with patience, states, linear, bag",
    covers: /-patient$|^(lstm-sound|states|linear|bag)(-|$)/,
    testedOn: "the test folder",
    chosenOn: "a part of the training folder",
    testRowsUsedFor: "nothing",
  },
  {
    study: "simplified-attention",
    models: "own",
    covers: /^own-/,
    testedOn: "the test folder",
    chosenOn: "taken from study 4 as it is",
    testRowsUsedFor: "the design was found in study 4 with scores of these reviews in view",
  },
  {
    study: "attention",
    models: "film reviews: lstm-attention, ffnn, rnn, linear, bag",
    covers: /^imdb-(?!own)/,
    testedOn: "2,500 reviews of the training folder, as published, and the test folder",
    chosenOn: "2,500 validation reviews; sizes were not published and are ours",
    testRowsUsedFor: "nothing",
  },
  {
    study: "attention",
    models: "film reviews: own, own-mean, own with bag",
    covers: /^imdb-own/,
    testedOn: "the same two",
    chosenOn: "validation reviews; the design with both tests in view",
    testRowsUsedFor: "the design was found over a dozen trainings whose test scores were read",
  },
  {
    study: "attention",
    models: "tweets, published and pooled",
    covers: /^tweets-(published|pooled)-/,
    testedOn: "test tweets that lie in the pool, as published",
    chosenOn: "validation tweets of the pool",
    testRowsUsedFor: "four of five were trained on, as published",
  },
  {
    study: "attention",
    models: "tweets: lstm-attention, ffnn, rnn, linear, bag",
    covers: /^tweets-(lstm|ffnn|rnn|linear|bag)/,
    testedOn: "the test tweets of 2017, none of them in training",
    chosenOn: "validation tweets",
    testRowsUsedFor: "nothing",
  },
  {
    study: "attention",
    models: "tweets: own, own-spelling, own with bag",
    covers: /^tweets-own/,
    testedOn: "the test tweets of 2017",
    chosenOn: "validation tweets; the design with the test in view",
    testRowsUsedFor: "the design was found with their scores in view",
  },
  {
    study: "lab",
    models: "all",
    covers: /./,
    testedOn: "the 25,000 reviews of the test folder",
    chosenOn: "nothing was chosen; three epochs",
    testRowsUsedFor: "they are the validation reviews of the lab, as published, and choose nothing",
  },
];
