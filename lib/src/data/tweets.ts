import * as fs from "node:fs";
import * as path from "node:path";
import * as zlib from "node:zlib";
import { StarlitError } from "../engine/errors";
import { catalogue, contentSum } from "./catalogue";
import type { DataOrigin } from "./origin";
import { resolveFiles } from "./resolve";
import { clothingAsTweets, orStandIn, type StandInOptions } from "./standIn";

/** A tweet with the sentiment that annotators gave it. */
export interface Tweet {
  /** Twitter's number; some tweets were annotated twice and have two rows. */
  id: string;
  /** Place of the class in `tweetLabels`: 0 negative, 1 neutral, 2 positive. */
  label: 0 | 1 | 2;
  text: string;
  /** `train`: the collections of 2013–2016; `test`: the test set of 2017. */
  split: "train" | "test";
  /** The file it came from, e.g. "twitter-2013train-A". */
  file: string;
}

/** Names of the classes of tweets, by label. */
export const tweetLabels = ["negative", "neutral", "positive"] as const;

/** Tweets and where they come from. */
export interface TweetData extends DataOrigin {
  /** File after file in the order of years, the test set last. */
  tweets: Tweet[];
}

/**
 * The tweets of SemEval-2017 task 4A (English): 50,334 rows of 2013–2016 and 12,284 of the test set
 * of 2017. Where they cannot be had, clothing reviews stand in, which the result says.
 *
 * @throws UnreachableError if the stand-in is refused and the tweets are nowhere to be had
 * @throws StarlitError if what is found is damaged, or the data folder cannot be written
 */
export async function loadTweets(options: StandInOptions = {}): Promise<TweetData> {
  const load = async () => {
    const files = await resolveFiles(catalogue.tweets);
    return { rows: files.flatMap(readFile), fingerprint: contentSum("tweets") };
  };
  const { rows, ...origin } = await orStandIn("tweets", load, clothingAsTweets, options);
  return { tweets: rows, ...origin };
}

/** One row for each tweet: the first, in the order given. */
export function dropDuplicateTweets(tweets: readonly Tweet[]): Tweet[] {
  const seen = new Set<string>();
  return tweets.filter(({ id }) => !seen.has(id) && seen.add(id));
}

function readFile(file: string): Tweet[] {
  const bytes = fs.readFileSync(file);
  const text = (file.endsWith(".gz") ? zlib.gunzipSync(bytes) : bytes).toString();
  return parseTweets(text, path.basename(file).replace(/\.txt(\.gz)?$/, ""));
}

/**
 * The rows of a file of the release: `id`, label and text between tabs. Quotes are part of the
 * text, so this is no CSV; a fourth column (empty but for ten times of posting) is dropped; a line that
 * does not begin with an id goes on with the text before it; escapes become what they mean.
 *
 * @param file name of the file without its ending
 * @throws StarlitError if the first line is no tweet
 */
export function parseTweets(text: string, file: string): Tweet[] {
  const split = file.startsWith("SemEval2017-task4-test") ? "test" : "train";
  const tweets: Tweet[] = [];
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const [, id, label, rest] = /^(\d+)\t(negative|neutral|positive)\t(.*)$/.exec(line) ?? [];
    const words = unescape((rest ?? line).replace(/\t.*$/, ""));
    if (id) {
      const number = tweetLabels.indexOf(label as (typeof tweetLabels)[number]);
      tweets.push({ id, label: number as Tweet["label"], text: words, split, file });
    } else if (tweets.length > 0) {
      tweets[tweets.length - 1].text += `\n${words}`;
    } else {
      throw new StarlitError(`${file} does not begin with a tweet (id, label, text): get it again.`);
    }
  }
  return tweets;
}

/** `\u2019` stands for a character, `\""""` for a quote that was escaped twice. */
function unescape(text: string): string {
  return text
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replace(/\\"{2,}/g, '"');
}
