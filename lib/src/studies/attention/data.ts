import { type DataOrigin, loadImdbReviews, type StandInOptions } from "../../data";
import { checkOptions, type NdArray, type Profile } from "../../engine";
import { sha256 } from "../../files/sum.cjs";
import {
  buildVocabulary,
  compareUnits,
  padSequences,
  spellingIds,
  tokenizeEnglish,
  trainTestSplit,
  type Vocabulary,
} from "../../text";
import { memo } from "../experiment/memo";
import { published } from "./published";

/** A text and the number of its class. */
export interface LabelledText {
  text: string;
  label: number;
}

/** One part of the data; everything is row by row in the same order. */
export interface TokenPart {
  texts: string[];
  /** Token ids (N, T): 0 is PAD, after the end, 1 is UNK. */
  x: NdArray<Int32Array>;
  /** Numbers of the words' pieces (N, C), 0 after the end, where they are read. */
  spelling?: NdArray<Int32Array>;
  /** Class of each row (N). */
  y: NdArray<Float32Array>;
}

/** How texts become rows of ids. */
export interface TokenOptions {
  /**
   * Tokens a row: `mean` is the whole part of their mean number in the training texts, `longest` that of
   * the longest.
   */
  length: "mean" | "longest" | number;
  /** Tokens seen less often in the training texts are UNK. */
  minFrequency: number;
  /** Every `@name` and every address is the same token: they say who and where. Default `kept`. */
  links?: "kept" | "one";
  /** Read the words' pieces as well: so many a row, of so many different ones (`spellingIds`). */
  spelling?: { length: number; buckets: number };
}

/** Options of `prepareImdb` and of `prepareTweets`. */
export interface DataOptions extends TokenOptions, StandInOptions {
  profile: Profile;
  /** Seed of the split, and of the subset of the quick profile. */
  seed: number;
  /** Film reviews of the train folder in the quick profile, a tenth each to validate and test. Default 500. */
  reviews?: number;
}

/** Texts ready for the models. */
export interface Data extends DataOrigin {
  train: TokenPart;
  validation: TokenPart;
  test: TokenPart;
  /** A test set that the document never used: the 25,000 reviews of the test folder. */
  extra?: TokenPart;
  /** Made of the training texts. */
  vocabulary: Vocabulary;
  /** Tokens a row. */
  length: number;
  /** Mean number of tokens of a training text. */
  meanLength: number;
}

/** Texts by part, before they are cut. */
export interface TextParts {
  train: readonly LabelledText[];
  validation: readonly LabelledText[];
  test: readonly LabelledText[];
  extra?: readonly LabelledText[];
}

/** The document's tokens: spaCy's, in lower case. */
export function lowerTokens(text: string): string[] {
  return tokenizeEnglish(text, { lowerCase: true });
}

/** A text whose `@names` are all `@user` and whose addresses are all `http`, as in TweetEval (2020). */
export function plainLinks(text: string): string {
  return text.replace(/https?:\S+/g, "http").replace(/@\w+/g, "@user");
}

/** Rows of numbers of the words' pieces for lists of tokens, cut at the end or filled with 0. */
export function encodeSpelling(
  tokens: readonly (readonly string[])[],
  { length, buckets }: { length: number; buckets: number },
): NdArray<Int32Array> {
  const ids = tokens.map((each) => spellingIds(each, { buckets }));
  return padSequences(ids, { maxlen: length, padding: "post", truncating: "post" });
}

/** What a model reads of rows: their ids, and the pieces of their words where there are some. */
export function tokenInputs({ x, spelling }: Pick<TokenPart, "x" | "spelling">) {
  return spelling ? [x, spelling] : x;
}

/** Options of `encodeTokens`. */
export interface EncodeOptions {
  /** Where PAD fills a short row: behind its tokens, as in the study, or in front. Default `post`. */
  padding?: "post" | "pre";
}

/** Rows of ids for lists of tokens, cut at the end or filled with PAD. */
export function encodeTokens(
  tokens: readonly (readonly string[])[],
  { vocabulary, length }: Pick<Data, "vocabulary" | "length">,
  options: EncodeOptions = {},
): NdArray<Int32Array> {
  checkOptions("encodeTokens", options, ["padding"]);
  const { padding = "post" } = options;
  const ids = tokens.map((each) => vocabulary.encode(each.slice(0, length)));
  return padSequences(ids, { maxlen: length, padding, truncating: "post" });
}

/** A vocabulary and a length from the training texts, and all parts as rows of ids. */
export function tokenParts(
  parts: TextParts,
  { length: wanted, minFrequency, links = "kept", spelling: pieces }: TokenOptions,
): Omit<Data, keyof DataOrigin> & { fingerprint: string } {
  const tokensOf = ({ text }: LabelledText) =>
    lowerTokens(links === "one" ? plainLinks(text) : text);
  const trainTokens = parts.train.map(tokensOf);
  const meanLength = trainTokens.reduce((sum, { length }) => sum + length, 0) / trainTokens.length;
  const vocabulary = buildVocabulary(trainTokens, {
    minFrequency,
    specialTokens: published.vocabulary.special,
    unknownToken: "UNK",
    compare: compareUnits, // the order in which the stored runs numbered tokens of equal frequency
  });
  const longest = trainTokens.reduce((most, { length }) => Math.max(most, length), 0);
  const told = { mean: Math.floor(meanLength), longest };
  const length = typeof wanted === "number" ? wanted : told[wanted];
  const seen: Parameters<typeof sha256> = [];
  const part = (rows: readonly LabelledText[], tokens = rows.map(tokensOf)): TokenPart => {
    const x = encodeTokens(tokens, { vocabulary, length });
    const spelling = pieces && encodeSpelling(tokens, pieces);
    const y = { data: Float32Array.from(rows, ({ label }) => label), shape: [rows.length] };
    seen.push(JSON.stringify(x.shape), x.data, y.data);
    if (spelling) seen.push(spelling.data);
    return { texts: rows.map(({ text }) => text), x, y, ...(spelling && { spelling }) };
  };
  return {
    train: part(parts.train, trainTokens),
    validation: part(parts.validation),
    test: part(parts.test),
    ...(parts.extra && { extra: part(parts.extra) }),
    vocabulary,
    length,
    meanLength,
    fingerprint: sha256(...seen).slice(0, 16),
  };
}

/** The reviews, loaded once: data of several seeds share their texts. */
const loadReviews = memo((standIn?: boolean) => loadImdbReviews({ standIn }));

/** Reviews of the test folder in the quick profile. */
const QUICK_EXTRA = 100;

/**
 * Prepares the film reviews of study 4: those of the train folder, shuffled, 80 % to train on and
 * 10 % each to validate and to test; beside them the test folder.
 *
 * @throws StarlitError if the reviews are damaged, or nowhere to be had and no stand-in is wanted
 */
export async function prepareImdb({
  profile,
  seed,
  reviews = 500,
  standIn,
  ...tokens
}: DataOptions): Promise<Data> {
  const { reviews: all, ...origin } = await loadReviews(standIn);
  const folder = (name: string) => all.filter(({ split }) => split === name);
  const some = (rows: LabelledText[], size: number) =>
    profile === "full" ? rows : trainTestSplit(rows, { trainSize: size, seed }).train;
  const rows = some(folder("train"), reviews);
  const { train, test: rest } = trainTestSplit(rows, { testSize: 0.2, seed });
  const { train: validation, test } = trainTestSplit(rest, { testSize: 0.5, seed });
  const extra = some(folder("test"), QUICK_EXTRA);
  return { ...origin, ...tokenParts({ train, validation, test, extra }, tokens) };
}
