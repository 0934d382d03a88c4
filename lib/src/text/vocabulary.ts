import { StarlitError } from "../engine/errors";
import { checkOptions } from "../engine/options";
import { compareCodePoints, type CompareStrings } from "./order";

/** Options of `buildVocabulary`. */
export interface VocabularyOptions {
  /** Tokens seen less often are left out; 1 by default. */
  minFrequency?: number;
  /** The most ids there are to be, those of the special tokens included. */
  maxSize?: number;
  /** Tokens that get the first ids; "<pad>" (0) and "<unk>" (1) by default. */
  specialTokens?: readonly string[];
  /** Which special token stands for tokens that have no id; "<unk>" by default. */
  unknownToken?: string;
  /** Order of tokens that are equally frequent; `compareCodePoints`, Python's, by default. */
  compare?: CompareStrings;
}

/** Tokens and their ids. */
export class Vocabulary {
  private readonly ids: ReadonlyMap<string, number>;
  private readonly unknown: number;

  /**
   * @param tokens the tokens by id; kept with a model, they make the same vocabulary again.
   * @param unknownToken which of them stands for tokens that have no id.
   */
  constructor(
    readonly tokens: readonly string[],
    readonly unknownToken = "<unk>",
  ) {
    this.ids = new Map(tokens.map((token, id) => [token, id]));
    if (this.ids.size < tokens.length) {
      const twice = tokens.find((token, id) => this.ids.get(token) !== id);
      throw new StarlitError(`"${twice}" is twice in the vocabulary: leave one of them out.`);
    }
    const unknown = this.ids.get(unknownToken);
    if (unknown === undefined) {
      throw new StarlitError(
        `"${unknownToken}" is not in the vocabulary: add it as special token.`,
      );
    }
    this.unknown = unknown;
  }

  /** How many ids there are. */
  get size(): number {
    return this.tokens.length;
  }

  /** Whether the token has an id of its own. */
  has(token: string): boolean {
    return this.ids.has(token);
  }

  /** The id of a token, or that of the unknown token. */
  idOf(token: string): number {
    return this.ids.get(token) ?? this.unknown;
  }

  /** The ids of tokens. */
  encode(tokens: readonly string[]): number[] {
    const { ids, unknown } = this;
    const encoded = new Array<number>(tokens.length);
    for (let i = 0; i < tokens.length; i++) encoded[i] = ids.get(tokens[i]) ?? unknown;
    return encoded;
  }

  /** The tokens of ids. */
  decode(ids: ArrayLike<number>): string[] {
    return Array.from(ids, (id) => {
      if (id in this.tokens) return this.tokens[id];
      throw new StarlitError(`There is no id ${id}: the vocabulary has ${this.size} tokens.`);
    });
  }
}

const vocabularyOptions = ["minFrequency", "maxSize", "specialTokens", "unknownToken", "compare"];

/** The tokens, and how often each occurs: with the counts apart each needs one look-up, not two. */
function countTokens(texts: Iterable<readonly string[]>): [token: string, times: number][] {
  const numbers = new Map<string, number>();
  const counts: number[] = [];
  for (const tokens of texts) {
    if (typeof tokens === "string") {
      throw new StarlitError(
        "buildVocabulary takes texts that are cut into tokens: cut them by tokenizeEnglish, say.",
      );
    }
    for (let i = 0; i < tokens.length; i++) {
      const number = numbers.get(tokens[i]);
      if (number !== undefined) {
        counts[number]++;
      } else {
        numbers.set(tokens[i], counts.length);
        counts.push(1);
      }
    }
  }
  return Array.from(numbers, ([token, number]) => [token, counts[number]]);
}

/**
 * The vocabulary of texts that are cut into tokens: special tokens first, then by frequency, those
 * of equal frequency in the order of their code points (torchtext's `build_vocab_from_iterator`).
 */
export function buildVocabulary(
  texts: Iterable<readonly string[]>,
  options: VocabularyOptions = {},
): Vocabulary {
  checkOptions("buildVocabulary", options, vocabularyOptions);
  const { minFrequency = 1, maxSize = Infinity, unknownToken = "<unk>" } = options;
  const { specialTokens = ["<pad>", "<unk>"], compare = compareCodePoints } = options;
  if (!(maxSize >= specialTokens.length))
    throw new StarlitError(
      `buildVocabulary: maxSize is ${maxSize}: give at least ${specialTokens.length}, as many as there are special tokens.`,
    );
  const frequent = countTokens(texts)
    .filter(([token, times]) => times >= minFrequency && !specialTokens.includes(token))
    .sort(([a, timesA], [b, timesB]) => timesB - timesA || compare(a, b))
    .map(([token]) => token);
  return new Vocabulary([...specialTokens, ...frequent].slice(0, maxSize), unknownToken);
}
