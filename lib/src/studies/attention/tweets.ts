import { dropDuplicateTweets, loadTweets, type Tweet } from "../../data";
import { trainTestSplit } from "../../text";
import { type Data, type DataOptions, tokenParts } from "./data";
import { memo } from "../experiment/memo";
import { published } from "./published";

/**
 * How tweets are divided:
 * - `published`, what the document did as far as it can be told (`published.tweets.pool`): every tweet of
 *   all files, once, in the order of its number read as text, without those that hold a comma, is split;
 *   the development tweets of 2013, which are in there, are tested on as well.
 * - `pooled`, the same flaw on the task's own test set: the tweets of 2017 lie in the pool that is split
 *   into training and validation rows, and are tested on as well.
 * - `honest`: the files of 2013–2016 without duplicates are split; those of 2017 are tested on, and
 *   none of them, by number or by text, is trained on.
 */
export type TweetProtocol = "published" | "pooled" | "honest";

/** Tweets ready for the models. */
export interface TweetData extends Data {
  /** Whether each test tweet is among the training rows. */
  seen: boolean[];
}

const loadAll = memo((standIn?: boolean) => loadTweets({ standIn }));

/** Tweets of 2013–2016, and of 2017, in the quick profile. */
const QUICK = { train: 1000, test: 300 };

/** The tweets that neither number nor text ties to one of the others. */
function without(tweets: readonly Tweet[], others: readonly Tweet[]): Tweet[] {
  const ids = new Set(others.map(({ id }) => id));
  const texts = new Set(others.map(({ text }) => text));
  return tweets.filter(({ id, text }) => !ids.has(id) && !texts.has(text));
}

/** The pool and the test tweets that the document must have had, see `TweetProtocol`. */
export function publishedPool(tweets: readonly Tweet[]) {
  const { comma, testFile } = published.tweets.pool;
  const kept = (rows: readonly Tweet[]) => rows.filter(({ text }) => !text.includes(comma));
  const pool = kept(dropDuplicateTweets(tweets)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const test = kept(tweets.filter(({ file }) => file.startsWith(testFile)));
  // What stands in for the tweets has no such file.
  return { pool, test: test.length > 0 ? test : kept(tweets.filter((t) => t.split === "test")) };
}

function poolOf(tweets: readonly Tweet[], protocol: TweetProtocol) {
  if (protocol === "published") return publishedPool(tweets);
  const test = tweets.filter(({ split }) => split === "test");
  if (protocol === "pooled") return { pool: tweets, test };
  const earlier = tweets.filter(({ split }) => split === "train");
  return { pool: without(dropDuplicateTweets(earlier), test), test };
}

/** Divides tweets by a protocol; the 20 % of validation rows are seeded, as published. */
export function splitTweets(tweets: readonly Tweet[], protocol: TweetProtocol, seed: number) {
  const { pool, test } = poolOf(tweets, protocol);
  const { validationShare } = published.tweets;
  const { train, test: validation } = trainTestSplit(pool, { testSize: validationShare, seed });
  const trained = new Set(train.map(({ id }) => id));
  return { train, validation, test, seen: test.map(({ id }) => trained.has(id)) };
}

/**
 * Prepares the tweets of study 4 by one of the protocols.
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
