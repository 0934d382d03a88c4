import { listRuns, type Run } from "../../training";
import { summarize } from "../../metrics/summary";
import { published as attention } from "../attention/published";
import { published as clothing } from "../clothing/published";
import { type Kind, kinds } from "../experiment/resultRow";
import { published as simplified } from "../simplifiedAttention/published";

/** A test score: which number of which models' runs it is. */
interface Score {
  study: string;
  what: string;
  kind: Kind;
  metric: (run: Run) => number;
  published: number | null;
  /** The model that follows the document, where one is tested on these rows. */
  asPublished?: string;
  bag: string;
  own: string;
  /** Our own model and the bag as one. */
  both?: string;
}

/** Our number of a score: mean and standard deviation over the trainings; without runs there is none. */
export interface OurScore {
  model: string;
  mean: number;
  std: number;
  seeds: number;
}

/** A test score of the published network, of the strongest bag, of our own model, and of both as one. */
export interface BagRow extends Pick<Score, "study" | "what" | "kind" | "published"> {
  asPublished: OurScore | null;
  bag: OurScore | null;
  own: OurScore | null;
  /** Our own model and the bag as one, where that was trained. */
  both: OurScore | null;
  /** Who is ahead by more than matters, see `kinds`; `null` while one of the two has no run. */
  ahead: "bag" | "own" | "neither" | null;
}

const named = (name: string) => (run: Run) => run.metrics[name];

const accuracy = { kind: "share", metric: named("accuracy") } as const;

const words = (which: "first" | "last" | "whole", rest: Partial<Score> = {}): Score => ({
  study: "simplified-attention",
  what: which === "whole" ? "accuracy, first 800 words" : `accuracy, ${which} 200 words`,
  ...accuracy,
  published: null,
  bag: `bag-${which}`,
  own: `own-${which}`,
  ...rest,
});

/** In the order of the studies; on ratings lower is better, on all others higher. */
const scores: readonly Score[] = [
  {
    study: "rating",
    what: "squared error of ratings ÷ 10",
    kind: "squaredError",
    metric: ({ metrics }) => metrics.mse / 100,
    published: null,
    bag: "bag",
    own: "pairs",
  },
  {
    study: "clothing",
    what: "weighted F1",
    kind: "share",
    metric: named("weightedF1"),
    published: clothing.test.weightedF1,
    asPublished: "lstm-2",
    bag: "bag",
    own: "sound-pairs",
  },
  {
    study: "clothing",
    what: "macro-F1",
    kind: "share",
    metric: named("macroF1"),
    published: null,
    asPublished: "lstm-2",
    bag: "bag",
    own: "sound-pairs",
  },
  words("first", {
    published: Math.max(...simplified.history.testAccuracy),
    asPublished: "lstm",
  }),
  words("last"),
  words("whole"),
  {
    study: "attention",
    what: "film reviews, accuracy",
    ...accuracy,
    published: attention.imdb.models["lstm-attention"].test.accuracy,
    asPublished: "imdb-lstm-attention",
    bag: "imdb-bag",
    own: "imdb-own",
    both: "imdb-own-with-bag",
  },
  {
    study: "attention",
    what: "25,000 reviews of other films, accuracy",
    kind: "share",
    metric: named("extraAccuracy"),
    published: null,
    asPublished: "imdb-lstm-attention",
    bag: "imdb-bag",
    own: "imdb-own",
    both: "imdb-own-with-bag",
  },
  {
    study: "attention",
    what: "tweets of 2017, macro recall",
    kind: "share",
    metric: named("recall"),
    published: null,
    asPublished: "tweets-lstm-attention",
    bag: "tweets-bag",
    own: "tweets-own-spelling",
    both: "tweets-own-with-bag",
  },
];

/** Of a published network's runs those by other sizes, which our own search found, are left out. */
function scoreOf({ study, metric }: Score, model: string | undefined): OurScore | null {
  const runs = listRuns(study).filter(
    (run) =>
      run.model === model &&
      run.profile === "full" &&
      !run.standIn &&
      (study !== "clothing" || model !== "lstm-2" || isPublishedSize(run)),
  );
  if (model === undefined || runs.length === 0) return null;
  const { mean, std } = summarize(runs.map(metric));
  return { model, mean, std, seeds: runs.length };
}

const isPublishedSize = ({ hyperParameters }: Run) =>
  String(hyperParameters.units) === String(clothing.models["lstm-2"].hyperParameters.units);

/**
 * Each test score of the network as published, of the strongest bag of terms and of our own model, from
 * the stored runs of the full profile. A network that is not ahead of the bag has learned no more than
 * which terms occur.
 */
export function besideBags(): BagRow[] {
  return scores.map((score) => {
    const { study, what, kind, published } = score;
    const [asPublished, bag, own, both] = [score.asPublished, score.bag, score.own, score.both].map(
      (model) => scoreOf(score, model),
    );
    const ahead = aheadOf(kind, bag, own);
    return { study, what, kind, published, asPublished, bag, own, both, ahead };
  });
}

function aheadOf(kind: Kind, bag: OurScore | null, own: OurScore | null): BagRow["ahead"] {
  if (!bag || !own) return null;
  const gain = (own.mean - bag.mean) * (kind === "share" ? 1 : -1);
  if (Math.abs(gain) < kinds[kind].margin) return "neither";
  return gain > 0 ? "own" : "bag";
}
