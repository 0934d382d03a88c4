import { dropDuplicateTweets, loadTweets, type Tweet } from "../../data";
import { trainTestSplit } from "../../text";
import { type Data, type DataOptions, tokenParts } from "./data";
import { memo } from "../experiment/memo";
import { published } from "./published";

/**
 * How tweets are divided:
 * - `pooled`, what the document must have done: the test tweets lie in the pool that is split into
 *   training and validation rows, and are tested on as well.
 * - `honest`: the files of 2013–2016 without duplicates are split; those of 2017 are tested on, and
 *   none of them, by number or by text, is trained on.
 */
export type TweetProtocol = "pooled" | "honest";

/** Tweets ready for the models. */
export interface TweetData extends Data {
  /** Whether each test tweet is among the training rows. */
  seen: boolean[];
}

const loadAll = memo((standIn?: boolean) => loadTweets({ standIn }));

/** Tweets of 2013–2016, and of 2017, in the quick profile. */
const QUICK = { train: 4000, test: 1000 };

/** The tweets that neither number nor text ties to one of the others. */
function without(tweets: readonly Tweet[], others: readonly Tweet[]): Tweet[] {
  const ids = new Set(others.map(({ id }) => id));
  const texts = new Set(others.map(({ text }) => text));
  return tweets.filter(({ id, text }) => !ids.has(id) && !texts.has(text));
}

/** Divides tweets by a protocol; the 20 % of validation rows are seeded, as published. */
export function splitTweets(tweets: readonly Tweet[], protocol: TweetProtocol, seed: number) {
  const test = tweets.filter(({ split }) => split === "test");
  const earlier = tweets.filter(({ split }) => split === "train");
  const pool = protocol === "pooled" ? tweets : without(dropDuplicateTweets(earlier), test);
  const { validationShare } = published.tweets;
  const { train, test: validation } = trainTestSplit(pool, { testSize: validationShare, seed });
  const trained = new Set(train);
  return { train, validation, test, seen: test.map((tweet) => trained.has(tweet)) };
}

/**
 * Prepares the tweets of study 4 by one of the two protocols.
 *
 * @throws StarlitError if the tweets are damaged, or nowhere to be had and no stand-in is wanted
 */
export async function prepareTweets(
  protocol: TweetProtocol,
  { profile, seed, standIn, ...tokens }: DataOptions,
): Promise<TweetData> {
  const { tweets, ...origin } = await loadAll(standIn);
  const some = (split: Tweet["split"], size: number) => {
    const rows = tweets.filter((tweet) => tweet.split === split);
    return profile === "full" ? rows : trainTestSplit(rows, { trainSize: size, seed }).train;
  };
  const used = [...some("train", QUICK.train), ...some("test", QUICK.test)];
  const { seen, ...parts } = splitTweets(used, protocol, seed);
  return { ...origin, ...tokenParts(parts, tokens), seen };
}
