import { StarlitError } from "../../engine";
import { summarize } from "../../metrics/summary";
import { listRuns, type Run } from "../../training";
import { published as attention, type PublishedParts } from "../attention/published";
import { published as clothing } from "../clothing/published";
import { type Kind, kinds } from "../experiment/resultRow";
import { published as rating } from "../rating/published";
import { published as simplified } from "../simplifiedAttention/published";
import { rounding } from "./verdict";

/** How a number is read of a run: the name of a metric, or what finds it. */
export type Metric = string | ((run: Run) => number);

/** What the runs of a reading say of a published number. */
export type Finding =
  /** Their mean is within the margin. */
  | "gives it"
  /** Their mean is not, one of them is. */
  | "one training gives it"
  /** None is, but their mean is nearer than that of the plain reading by more than the margin. */
  | "comes nearer"
  | "does not give it"
  /** There is none yet. */
  | "no run";

/** How sure it is that the reading is what was done. */
export type Certainty = "sure" | "likely" | "open";

/** Where our number stands. */
export interface Source {
  model: string;
  metric: Metric;
  /** Which of the model's runs count; all unless told. */
  only?: (run: Run) => boolean;
}

/** A published number that the plain reading of its document does not give, and what may give it. */
export interface Clue {
  /** Id of the study. */
  study: string;
  what: string;
  published: number;
  kind: Kind;
  /** The model that does what the document says, and where the number stands in its runs. */
  plain: Source;
  /** The model that may have given the number, and what it does otherwise. */
  reading: Source & { says: string };
  /** What the stored runs say; a test holds it against them. */
  finding: Finding;
  certainty: Certainty;
  /** Why, in a sentence or two. */
  evidence: string;
}

/** Published numbers that the same reading explains: what, number, kind, where it stands, finding. */
interface Group extends Omit<
  Clue,
  "what" | "published" | "kind" | "finding" | "plain" | "reading"
> {
  plain: string;
  reading: { model: string; says: string };
  only?: Source["only"];
  numbers: readonly (readonly [
    what: string,
    published: number,
    kind: Kind,
    metric: Metric,
    finding: Finding,
    /** Of the plain reading, where it stands elsewhere. */
    plain?: Metric,
  ])[];
}

const clues = ({ numbers, plain, reading, only, ...shared }: Group): Clue[] =>
  numbers.map(([what, published, kind, metric, finding, plainMetric = metric]) => ({
    ...shared,
    what,
    published,
    kind,
    plain: { model: plain, metric: plainMetric, only },
    reading: { ...reading, metric, only },
    finding,
  }));

/** The validation loss of the epoch that was kept. */
const keptLoss = ({ history, metrics }: Run) => history.valLoss[metrics.bestEpoch - 1];

const tweets = attention.tweets.models;

/** A curve in the epoch whose training loss is nearest to that published of the FFNN. */
function ofPublishedLoss(curve: string): Metric {
  return ({ history }) => {
    const distances = history.loss.map((loss) => Math.abs(loss - tweets.ffnn.train.loss!));
    return history[curve][distances.indexOf(Math.min(...distances))];
  };
}

const films = attention.imdb.models;

const pool =
  "The rows that the document prints first are the first tweets by number that have no comma. In its maps " +
  "a comma is unknown, and a row has 21 tokens as here. So it read the lines as values between commas " +
  "and skipped tweets that have one. The test tweets lie in the pool.";

/** Scores of a network on the three parts, as means of batches where the document has these. */
const byBatch = (
  name: string,
  { train, validation, test }: PublishedParts,
  findings: readonly Finding[],
): Group["numbers"] => {
  const rows: [string, number, Kind, Metric, Metric?][] = [
    ["training loss", train.loss!, "loss", "trainLoss"],
    ["training accuracy", train.accuracy, "share", "trainAccuracy"],
    ["training F1", train.f1, "share", "trainBatchF1", "trainF1"],
    ["validation loss", validation.loss!, "loss", keptLoss],
    ["validation accuracy", validation.accuracy, "share", "validationAccuracy"],
    ["validation F1", validation.f1, "share", "validationBatchF1", "validationF1"],
    ["test accuracy", test.accuracy, "share", "accuracy"],
    ["test F1", test.f1, "share", "batchF1", "f1"],
  ];
  return rows.map(
    ([what, number, kind, metric, plain], i) =>
      [`Tweets, ${name}: ${what}`, number, kind, metric, findings[i], plain] as const,
  );
};

const lastOf =
  (curve: string): Metric =>
  ({ history }) =>
    history[curve].at(-1)!;

/** Scores of film reviews after the last epoch, beside those of the epoch that was kept. */
const ofLastEpoch = ({ train, validation }: PublishedParts): Group["numbers"] => {
  const name = "Film reviews, LSTM with attention";
  return [
    [`${name}: training loss`, train.loss!, "loss", lastOf("loss"), "gives it", "trainLoss"],
    [
      `${name}: training accuracy`,
      train.accuracy,
      "share",
      lastOf("accuracy"),
      "gives it",
      "trainAccuracy",
    ],
    [`${name}: training F1`, train.f1, "share", lastOf("f1"), "gives it", "trainF1"],
    [`${name}: validation loss`, validation.loss!, "loss", lastOf("valLoss"), "gives it", keptLoss],
    [`${name}: validation F1`, validation.f1, "share", lastOf("valF1"), "gives it", "validationF1"],
  ];
};

const vectors = (family: string) => rating.models.find((model) => model.family === family)!;

/** The two numbers of a network of study 1, with the ratings divided by 10. */
const ofVectors = (family: string, findings: [Finding, Finding]): Clue[] =>
  clues({
    study: "rating",
    plain: `${family}-ids`,
    reading: {
      model: `${family}-in-order`,
      says:
        "rows come folder by folder, and each batch of training reviews is followed by the batch of " +
        "validation reviews of the same places; PyTorch's first weights",
    },
    certainty: findings.includes("gives it") ? "likely" : "open",
    evidence:
      "In five of the six networks the document's validation error is .01 below its training error, in the " +
      "text or in the table, and it asks why. If rows come folder by folder, a network that has learned " +
      "nothing follows the side of the folder, far below the constant's .122, and does so better after the " +
      "step than before it: by .01. In a new order in each epoch no network gets there.",
    numbers: [
      [
        `Model ${vectors(family).letter}: best training error`,
        vectors(family).train,
        "squaredError",
        "bestTrain",
        findings[0],
      ],
      [
        `Model ${vectors(family).letter}: best validation error`,
        vectors(family).validation,
        "squaredError",
        "batchValidation",
        findings[1],
        "bestValidation",
      ],
    ],
  });

/** All clues, study by study. */
export const allClues: readonly Clue[] = [
  ...ofVectors("mlp", ["comes nearer", "does not give it"]),
  ...ofVectors("rnn", ["comes nearer", "does not give it"]),
  ...ofVectors("lstm-1", ["gives it", "gives it"]),
  ...ofVectors("lstm-2", ["one training gives it", "gives it"]),
  ...ofVectors("cnn-lstm", ["gives it", "gives it"]),
  ...ofVectors("gru-2", ["comes nearer", "comes nearer"]),
  ...clues({
    study: "clothing",
    plain: "gru-1",
    reading: {
      model: "gru-1",
      says: "as published; one of five trainings ends its first epoch well",
    },
    // Beside the runs of the published sizes lie those of the sizes that our own search found.
    only: ({ hyperParameters }) => String(hyperParameters.units) === "256",
    certainty: "likely",
    evidence:
      "At a rate of 0.01 the 256 units diverge; in the published log they do so from the third epoch on " +
      "(loss .782, then .889 and 1.361). The first epoch must end before that. It did in one of our five " +
      "trainings, with losses of .996, .825, .820 and .942; published are .997, .817, .782 and .889.",
    numbers: [
      [
        "GRU-1, best validation loss",
        clothing.models["gru-1"].history.valLoss[0],
        "loss",
        ({ history }) => Math.min(...history.valLoss),
        "one training gives it",
      ],
    ],
  }),
  ...clues({
    study: "simplified-attention",
    plain: "lstm",
    reading: { model: "lstm", says: "as published" },
    certainty: "open",
    evidence:
      "The document contradicts itself: its log falls to .3878 and no further. The log's loss is the " +
      "cross-entropy and penalties. In our networks of that accuracy the penalties are .010 to .011, too " +
      "little to explain the difference.",
    numbers: [
      ["Summary: test loss", simplified.summary.testLoss, "loss", "loss", "does not give it"],
    ],
  }),
  ...clues({
    study: "attention",
    plain: "imdb-lstm-attention",
    reading: {
      model: "imdb-lstm-attention",
      says: "the network after its last epoch, the fifteenth",
    },
    certainty: "sure",
    evidence:
      "By the third epoch the network knows its 20,000 reviews by heart, and the validation loss climbs. " +
      "A training loss of .0056 beside a validation loss of .858 occurs only at the end, not in the " +
      "epoch of the best validation F1 that the document names.",
    numbers: ofLastEpoch(films["lstm-attention"]),
  }),
  ...clues({
    study: "attention",
    plain: "imdb-rnn-no-mask",
    reading: {
      model: "imdb-published-rnn",
      says: "PyTorch's first weights, which forget what lies before the padding",
    },
    certainty: "open",
    evidence:
      "Three of four reviews end in padding, and the state is carried over it to the end. PyTorch's " +
      "recurrent weights U(±1/√units) shrink the state at each step; Keras's orthogonal ones keep its length. " +
      "But this network learns training reviews by heart, which the published one did not.",
    numbers: [
      [
        "Film reviews, RNN: training accuracy",
        films.rnn.train.accuracy,
        "share",
        "trainAccuracy",
        "does not give it",
      ],
      [
        "Film reviews, RNN: training loss",
        films.rnn.train.loss!,
        "loss",
        "trainLoss",
        "does not give it",
      ],
      [
        "Film reviews, RNN: validation accuracy",
        films.rnn.validation.accuracy,
        "share",
        "validationAccuracy",
        "comes nearer",
      ],
      [
        "Film reviews, RNN: test accuracy",
        films.rnn.test.accuracy,
        "share",
        "accuracy",
        "comes nearer",
      ],
    ],
  }),
  ...clues({
    study: "attention",
    plain: "tweets-pooled-lstm-attention",
    reading: {
      model: "tweets-published-lstm-attention",
      says: "the loss takes a softmax of outputs that are a softmax already; all tweets without a comma are one pool; scores are means over batches",
    },
    certainty: "sure",
    evidence:
      "If a network is sure of everything, this loss is (ln(e + 2) − 1) + (1 − accuracy): .7091 at the " +
      "published training accuracy of .8423, and .937 at the validation accuracy of .6142. Published are " +
      `.7093 and .9302. ${pool}`,
    numbers: byBatch("LSTM", tweets["lstm-attention"], [
      "gives it",
      "gives it",
      "gives it",
      "gives it",
      "gives it",
      "comes nearer",
      "gives it",
      "one training gives it",
    ]),
  }),
  ...clues({
    study: "attention",
    plain: "tweets-pooled-ffnn",
    reading: {
      model: "tweets-published-ffnn",
      says:
        "the vectors of all places side by side, in place of their mean, in the epoch whose training loss " +
        "is nearest to the published one; the same pool",
    },
    certainty: "likely",
    evidence:
      "At the published training loss .94 of the training tweets are right with a mean of vectors, and .98 " +
      "with vectors side by side, as published. The validation scores lie between the two. From the fifth " +
      "epoch on F1 hardly moves, so it is chance which epoch was the best.",
    numbers: [
      [
        "Tweets, FFNN: training accuracy",
        tweets.ffnn.train.accuracy,
        "share",
        ofPublishedLoss("accuracy"),
        "gives it",
      ],
      [
        "Tweets, FFNN: training F1",
        tweets.ffnn.train.f1,
        "share",
        ofPublishedLoss("batchF1"),
        "gives it",
        ofPublishedLoss("f1"),
      ],
      [
        "Tweets, FFNN: validation loss",
        tweets.ffnn.validation.loss!,
        "loss",
        ofPublishedLoss("valLoss"),
        "comes nearer",
      ],
      [
        "Tweets, FFNN: validation accuracy",
        tweets.ffnn.validation.accuracy,
        "share",
        ofPublishedLoss("valAccuracy"),
        "does not give it",
      ],
      [
        "Tweets, FFNN: validation F1",
        tweets.ffnn.validation.f1,
        "share",
        ofPublishedLoss("valBatchF1"),
        "does not give it",
        ofPublishedLoss("valF1"),
      ],
    ],
  }),
  ...clues({
    study: "attention",
    plain: "tweets-pooled-ffnn",
    reading: {
      model: "tweets-published-ffnn",
      says: "the same network on the test tweets that it was not trained on",
    },
    certainty: "open",
    evidence:
      "A network that knows its training tweets by heart would get more than nine of ten test tweets right " +
      "if four of five of them were in its training data, as they are with the LSTM. The FFNN did not.",
    numbers: [
      [
        "Tweets, FFNN: test accuracy",
        tweets.ffnn.test.accuracy,
        "share",
        "unseenAccuracy",
        "comes nearer",
        "accuracy",
      ],
    ],
  }),
  ...clues({
    study: "attention",
    plain: "tweets-pooled-rnn-no-mask",
    reading: {
      model: "tweets-published-rnn",
      says: "PyTorch's first weights, and padding up to the longest tweet, so that it calls every tweet neutral; the same pool",
    },
    certainty: "sure",
    evidence:
      "The published test accuracy of .4417 is the share of neutral tweets among the development tweets " +
      "of 2013 without a comma, 477 of 1,080. The published F1 is that of this one answer if negative " +
      "tweets do not count: recall 477 / (477 + 378) = .56, precision 1, F1 .72.",
    numbers: byBatch("RNN", tweets.rnn, [
      "gives it",
      "gives it",
      "does not give it",
      "gives it",
      "gives it",
      "does not give it",
      "gives it",
      "does not give it",
    ])
      // Its F1 is of the neutral answer alone, ours a mean over three classes.
      .filter(([what]) => !what.endsWith("F1")),
  }),
];

/** A clue as the overview shows it: the runs of both readings beside the published number. */
export interface ClueRow extends Omit<Clue, "plain" | "reading"> {
  /** Mean over the runs of the plain reading; `null` where there is none. */
  plain: number | null;
  reading: number | null;
  says: string;
  /** Models of both readings. */
  models: [plain: string, reading: string];
  /** How many runs the reading has. */
  seeds: number;
}

function valuesOf(study: string, { model, metric, only = () => true }: Source): number[] {
  const runs = listRuns(study).filter(
    (run) => run.model === model && run.profile === "full" && !run.standIn && only(run),
  );
  return runs.map((run) => {
    const value = typeof metric === "string" ? run.metrics[metric] : metric(run);
    if (Number.isFinite(value)) return value;
    throw new StarlitError(`A run of ${study}, ${model}, has no "${String(metric)}".`);
  });
}

/** What the stored runs say of a clue. */
export function findingOf({ study, published, kind, plain, reading }: Clue): Finding {
  const values = valuesOf(study, reading);
  if (values.length === 0) return "no run";
  const margin = kinds[kind].margin + rounding(published);
  const near = (value: number) => Math.abs(value - published) <= margin;
  const ours = summarize(values).mean;
  if (near(ours)) return "gives it";
  if (values.some(near)) return "one training gives it";
  const others = valuesOf(study, plain);
  if (others.length === 0) return "does not give it";
  const gained = Math.abs(summarize(others).mean - published) - Math.abs(ours - published);
  return gained > kinds[kind].margin ? "comes nearer" : "does not give it";
}

/** All clues with the numbers of the stored runs. */
export function forensics(): ClueRow[] {
  const meanOf = (values: number[]) => (values.length > 0 ? summarize(values).mean : null);
  return allClues.map(({ plain, reading, ...clue }) => {
    const values = valuesOf(clue.study, reading);
    return {
      ...clue,
      plain: meanOf(valuesOf(clue.study, plain)),
      reading: meanOf(values),
      says: reading.says,
      models: [plain.model, reading.model],
      seeds: values.length,
    };
  });
}
