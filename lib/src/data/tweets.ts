import * as path from "node:path";
import { StarlitError } from "../engine/errors";
import { checkOptions } from "../engine/options";
import { catalogue, contentSum } from "./catalogue";
import type { DataOrigin } from "./origin";
import { readText } from "./read";
import { resolveFiles } from "./resolve";
import type { Tweet } from "./rows";
import { clothingAsTweets, orStandIn, type StandInOptions } from "./standIn";

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
  checkOptions("loadTweets", options, ["standIn"]);
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
  return parseTweets(readText(file, "text"), path.basename(file).replace(/\.txt(\.gz)?$/, ""));
}

/**
 * The rows of a file of the release: `id`, label and text between tabs. Quotes are part of the text, so
 * this is no CSV; a fourth column (empty but for ten times of posting) is dropped; a quotation that is
 * open at the end of a line and closed at the end of the next (there is one) holds the line break;
 * escapes become what they mean.
 *
 * @param file name of the file without its ending
 * @throws StarlitError naming the line that is no tweet
 */
export function parseTweets(text: string, file: string): Tweet[] {
  const split = file.startsWith("SemEval2017-task4-test") ? "test" : "train";
  const tweets: Tweet[] = [];
  text.split("\n").forEach((line, i) => {
    if (line === "") return;
    const fail = (what: string): never => {
      throw new StarlitError(`${file}, line ${i + 1} ${what}: get the file again.`);
    };
    const [id, label, words, time = "", ...more] = line.split("\t");
    const last = tweets.at(-1);
    if (last && label === "" && words === undefined && isOpen(last.text) && id.endsWith('"')) {
      last.text += `\n${unescape(id)}`;
      return;
    }
    if (!/^\d+$/.test(id) || !words) fail("is no tweet (id, label, text)");
    const place = tweetLabels.findIndex((each) => each === label);
    if (place === -1) fail(`has the label "${label}", not ${tweetLabels.join(", ")}`);
    if (line.includes("\r")) fail("ends in CR LF, which the publisher's lines don't");
    if (more.length > 0 || !/^$|^\w{3} \w{3} \d\d /.test(time)) fail("has a tab in its text");
    tweets.push({ id, label: place as Tweet["label"], text: unescape(words), split, file });
  });
  return tweets;
}

/** Whether a text begins with a quotation that does not end in it. */
const isOpen = (text: string) => /^"[^"]*$/.test(text);

/** `\u2019` stands for a character, `\""""` for a quote that was escaped twice. */
function unescape(text: string): string {
  return text
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replace(/\\"{2,}/g, '"');
}
