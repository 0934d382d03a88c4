// A trained rater at work, in plain JavaScript that needs nothing: the command, the library and the
// page all read reviews by this file, so that they say the same. No TensorFlow, no module, no
// network; `test/reviews.player.test.ts` holds it to the library's own layers.

/**
 * Numbers as they are kept: whole numbers of 8 or 16 bits times a scale for each column, or floats of
 * 32 bits where there is no scale; bytes in base 64, little-endian.
 *
 * @typedef {object} PackedTable
 * @property {number[]} shape rows and columns
 * @property {8 | 16 | 32} bits
 * @property {string} data
 * @property {string} [scale]
 */

/**
 * A trained rater as plain data: what `rater.json` holds.
 *
 * @typedef {object} PackedRater
 * @property {"pairs" | "bag"} kind the network, or the linear model of terms
 * @property {number[]} values the ratings that it knows, ascending
 * @property {string[]} labels what each of them is called
 * @property {string} terms the words (of a bag also pairs of words), a line each; their number is their place
 * @property {Record<string, PackedTable>} tables
 * @property {number} length of a longer text the first quarter of so many tokens, and the rest from its end
 * @property {{ sharpness: number, shifts: number[] }} calibration see `calibrated`
 * @property {"tfidf" | "naiveBayes"} [weights] of a bag: what a term weighs
 */

/**
 * What a rater says of a text.
 *
 * @typedef {object} Rated
 * @property {number} rating the expected rating
 * @property {[low: number, high: number]} interval between these the rating lies with a probability of 80 % at least
 * @property {string} label the class that fits best, rare ones given a chance as in training
 * @property {number[]} probabilities of each rating that the rater knows, in their order
 * @property {number} known how many words of the text the rater knows
 */

/**
 * A word of a text, and by how much the rating falls when it is left out wherever it stands.
 *
 * @typedef {object} WordEffect
 * @property {string} word
 * @property {number} effect
 */

/**
 * @typedef {object} Token
 * @property {string} token in lower case
 * @property {number} start its place in the text
 * @property {number} end
 */

const TOKEN = /[\p{L}\p{M}\p{N}_]+(?:['’][\p{L}\p{M}]+)*|[^\s\p{L}\p{M}\p{N}_]/gu;
/** Scripts that are written without spaces: each character is a token. */
const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/** Line breaks of HTML, which many a table of reviews has kept. */
const BREAK = /<br ?\/?>/gi;

/**
 * The tokens of a text: words with what follows an apostrophe, and marks one by one.
 *
 * @param {string} text
 * @returns {Token[]}
 */
function tokenize(text) {
  const plain = text.replace(BREAK, (mark) => " ".repeat(mark.length));
  /** @type {Token[]} */
  const tokens = [];
  for (const { 0: found, index } of plain.matchAll(TOKEN)) {
    if (!SPACELESS.test(found)) {
      const token = found.toLowerCase().replace("’", "'");
      tokens.push({ token, start: index, end: index + found.length });
      continue;
    }
    let start = index;
    for (const character of found) {
      const end = start + character.length;
      tokens.push({ token: character.toLowerCase(), start, end });
      start = end;
    }
  }
  return tokens;
}

/**
 * The tokens as words alone.
 *
 * @param {string} text
 */
const wordsOf = (text) => tokenize(text).map(({ token }) => token);

/** @param {string} token */
const isWord = (token) => /[\p{L}\p{N}]/u.test(token);

/**
 * The first quarter of `length` and the rest from the end, or all where they fit: where they say what
 * they think, reviews begin and end.
 *
 * @template T
 * @param {T[]} all
 * @param {number} length
 * @returns {T[]}
 */
function startAndEnd(all, length) {
  if (all.length <= length) return all;
  const start = Math.floor(length / 4);
  return [...all.slice(0, start), ...all.slice(start - length)];
}

/**
 * @param {string} base64
 * @returns {ArrayBuffer}
 */
function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes.buffer;
}

/**
 * The numbers of a table, row by row.
 *
 * @param {PackedTable} table
 * @returns {Float32Array}
 */
function unpack({ shape, bits, data, scale }) {
  const bytes = bytesOf(data);
  if (bits === 32 || scale === undefined) return new Float32Array(bytes);
  const whole = bits === 8 ? new Int8Array(bytes) : new Int16Array(bytes);
  const scales = new Float32Array(bytesOf(scale));
  const columns = shape[1];
  const values = new Float32Array(whole.length);
  for (let i = 0; i < whole.length; i++) values[i] = whole[i] * scales[i % columns];
  return values;
}

/** @param {Float64Array} scores become probabilities in their place */
function softmax(scores) {
  const most = Math.max(...scores);
  let sum = 0;
  for (let k = 0; k < scores.length; k++) sum += scores[k] = Math.exp(scores[k] - most);
  for (let k = 0; k < scores.length; k++) scores[k] /= sum;
  return scores;
}

/** The sigmoid from −16 to 16, in steps of 1/256; between two of them it is nearly straight. */
const SIGMOID = Float32Array.from({ length: 8193 }, (_, i) => 1 / (1 + Math.exp(16 - i / 256)));

/**
 * The sigmoid to 3e-7, read from a table: three times as fast as it is computed.
 *
 * @param {number} x
 */
function sigmoid(x) {
  const place = x >= 16 ? 8191.999 : x <= -16 ? 0 : (x + 16) * 256;
  const i = place | 0;
  return SIGMOID[i] + (SIGMOID[i + 1] - SIGMOID[i]) * (place - i);
}

/**
 * What reads texts: ids in, probabilities of the classes out.
 *
 * @typedef {object} Reader
 * @property {(tokens: string[]) => number[]} encode
 * @property {(id: number) => boolean} knows
 * @property {(ids: number[], same?: number) => Float64Array} read of as many ids as `same` says it is
 *   known that the last text but one began with them, see `remember`
 * @property {() => void} remember the text read last is the one that others are variants of
 * @property {(ids: number[], direction: Float64Array) => Float64Array} lean how much each place moves
 *   the scores of the text read last in a direction, roughly
 * @property {(ids: number[]) => Float64Array | null} attention where the network looked in that text
 */

/** Id of words that are not known, in the network; 0 is padding. */
const UNKNOWN = 1;
/** As in the layer `wordPairs`. */
const SPREAD = 40503;
const FIRST_WORDS = 50000;

/**
 * The network of `readPairs`: vectors of words and of pairs of neighbouring words, their means beside
 * their sums weighted by attention, which an LSTM gives.
 *
 * @param {PackedRater} packed
 * @returns {Reader}
 */
function pairReader({ terms, tables, length, values: { length: classes } }) {
  const ids = new Map(terms.split("\n").map((term, id) => [term, id]));
  const words = unpack(tables.words);
  const pairs = unpack(tables.pairs);
  const kernel = unpack(tables.kernel);
  const recurrent = unpack(tables.recurrent);
  const bias = unpack(tables.bias);
  const look = unpack(tables.look);
  const lookBias = unpack(tables.lookBias)[0];
  const dense = unpack(tables.dense);
  const denseBias = unpack(tables.denseBias);
  const [vocabulary, E] = tables.words.shape;
  const [buckets, P] = tables.pairs.shape;
  const H = look.length;
  const G = 4 * H;
  const width = 2 * (E + P);

  // A word always sends the same into the LSTM: it is computed when the word is first met.
  const sent = new Float32Array(vocabulary * G);
  const met = new Uint8Array(vocabulary);
  /** @param {number} id */
  function meet(id) {
    met[id] = 1;
    const to = sent.subarray(id * G, (id + 1) * G);
    to.set(bias);
    for (let e = 0; e < E; e++) {
      const value = words[id * E + e];
      for (let g = 0; g < G; g++) to[g] += value * kernel[e * G + g];
    }
  }

  // Eight gates side by side, so that a state that was fetched serves all of them.
  const blocks = new Float32Array(G * H);
  for (let h = 0; h < H; h++) {
    for (let g = 0; g < G; g++) {
      blocks[(g - (g % 8)) * H + 8 * h + (g % 8)] = recurrent[h * G + g];
    }
  }

  const makeTrace = () => ({
    h: new Float32Array((length + 1) * H),
    c: new Float32Array((length + 1) * H),
    scores: new Float64Array(length),
  });
  let trace = makeTrace();
  let other = makeTrace();
  const gates = new Float64Array(G);
  const weights = new Float64Array(length);
  const features = new Float64Array(width);
  const logits = new Float64Array(classes);

  /**
   * @param {number} before
   * @param {number} id
   */
  const bucketOf = (before, id) =>
    before === 0 ? 0 : ((((before % FIRST_WORDS) * SPREAD + id) % (buckets - 1)) + 1) * P;

  /**
   * A step of the LSTM, at one place of the text.
   *
   * @param {number} id
   * @param {number} t
   */
  function step(id, t) {
    const { h, c } = trace;
    if (met[id] === 0) meet(id);
    const before = t * H;
    for (let g = 0; g < G; g += 8) {
      const from = id * G + g;
      let s0 = sent[from];
      let s1 = sent[from + 1];
      let s2 = sent[from + 2];
      let s3 = sent[from + 3];
      let s4 = sent[from + 4];
      let s5 = sent[from + 5];
      let s6 = sent[from + 6];
      let s7 = sent[from + 7];
      for (let j = 0, at = g * H; j < H; j++, at += 8) {
        const state = h[before + j];
        s0 += state * blocks[at];
        s1 += state * blocks[at + 1];
        s2 += state * blocks[at + 2];
        s3 += state * blocks[at + 3];
        s4 += state * blocks[at + 4];
        s5 += state * blocks[at + 5];
        s6 += state * blocks[at + 6];
        s7 += state * blocks[at + 7];
      }
      gates[g] = s0;
      gates[g + 1] = s1;
      gates[g + 2] = s2;
      gates[g + 3] = s3;
      gates[g + 4] = s4;
      gates[g + 5] = s5;
      gates[g + 6] = s6;
      gates[g + 7] = s7;
    }
    const after = before + H;
    let score = lookBias;
    for (let j = 0; j < H; j++) {
      const candidate = 2 * sigmoid(2 * gates[2 * H + j]) - 1;
      const cell = sigmoid(gates[H + j]) * c[before + j] + sigmoid(gates[j]) * candidate;
      c[after + j] = cell;
      const state = sigmoid(gates[3 * H + j]) * (2 * sigmoid(2 * cell) - 1);
      h[after + j] = state;
      score += state * look[j];
    }
    trace.scores[t] = score;
  }

  /** @param {number[]} text */
  function attend(text) {
    const { scores } = trace;
    let most = -Infinity;
    for (let t = 0; t < text.length; t++) if (scores[t] > most) most = scores[t];
    let sum = 0;
    for (let t = 0; t < text.length; t++) sum += weights[t] = Math.exp(scores[t] - most);
    for (let t = 0; t < text.length; t++) weights[t] /= sum;
  }

  /** @param {number[]} text */
  function summarize(text) {
    features.fill(0);
    const T = text.length;
    const share = 1 / T;
    const pairShare = 1 / Math.max(1, T - 1);
    for (let t = 0; t < T; t++) {
      const word = text[t] * E;
      const weight = weights[t];
      for (let e = 0; e < E; e++) {
        const value = words[word + e];
        features[e] += share * value;
        features[E + P + e] += weight * value;
      }
      // The first place has no pair before it: as in the library it counts in the weighted sum alone.
      const pair = bucketOf(t === 0 ? 0 : text[t - 1], text[t]);
      const mean = t === 0 ? 0 : pairShare;
      for (let p = 0; p < P; p++) {
        const value = pairs[pair + p];
        features[E + p] += mean * value;
        features[2 * E + P + p] += weight * value;
      }
    }
  }

  return {
    encode: (tokens) => startAndEnd(tokens, length).map((token) => ids.get(token) ?? UNKNOWN),
    knows: (id) => id > UNKNOWN,
    read(text, same = 0) {
      if (same > 0) {
        trace.h.set(other.h.subarray(0, (same + 1) * H));
        trace.c.set(other.c.subarray(0, (same + 1) * H));
        trace.scores.set(other.scores.subarray(0, same));
      }
      for (let t = same; t < text.length; t++) step(text[t], t);
      attend(text);
      summarize(text);
      for (let k = 0; k < classes; k++) {
        let sum = denseBias[k];
        for (let i = 0; i < width; i++) sum += features[i] * dense[i * classes + k];
        logits[k] = sum;
      }
      return softmax(logits);
    },
    remember: () => ([trace, other] = [other, trace]),
    lean(text, direction) {
      const pull = new Float64Array(width);
      for (let i = 0; i < width; i++) {
        for (let k = 0; k < classes; k++) pull[i] += dense[i * classes + k] * direction[k];
      }
      return Float64Array.from(text, (id, t) => {
        let sum = 0;
        for (let e = 0; e < E; e++) {
          const part = pull[e] / text.length + weights[t] * pull[E + P + e];
          sum += words[id * E + e] * part;
        }
        return sum;
      });
    },
    attention: (text) => weights.slice(0, text.length),
  };
}

/**
 * A linear model of words and pairs of words, as `chooseBag` fits it.
 *
 * @param {PackedRater} packed
 * @returns {Reader}
 */
function bagReader({ terms, tables, weights }) {
  const columns = new Map(terms.split("\n").map((term, column) => [term, column]));
  const coefficients = unpack(tables.coefficients);
  const intercept = unpack(tables.intercept);
  const rarity = tables.rarity ? unpack(tables.rarity) : null;
  // Of two classes the second alone has a score.
  const width = intercept.length;
  const names = /** @type {string[]} */ ([]);
  const numbers = /** @type {Map<string, number>} */ (new Map());
  const scores = new Float64Array(width);

  /** @param {number[]} text */
  function countsOf(text) {
    const counts = /** @type {Map<number, number>} */ (new Map());
    for (let t = 0; t < text.length; t++) {
      const word = names[text[t]];
      for (const term of t === 0 ? [word] : [word, `${names[text[t - 1]]} ${word}`]) {
        const column = columns.get(term);
        if (column !== undefined) counts.set(column, (counts.get(column) ?? 0) + 1);
      }
    }
    return counts;
  }

  /** @param {number} score */
  const exactly = (score) => 1 / (1 + Math.exp(-score));

  function probabilities() {
    if (width === 1) return Float64Array.of(exactly(-scores[0]), exactly(scores[0]));
    if (weights === "tfidf") return softmax(Float64Array.from(scores));
    const each = Float64Array.from(scores, exactly);
    const sum = each.reduce((total, share) => total + share, 0);
    return each.map((share) => share / sum);
  }

  return {
    encode(tokens) {
      // The numbers are for the text at hand: a stream of texts must not fill the memory.
      if (names.length > 1e6) {
        names.length = 0;
        numbers.clear();
      }
      return tokens.map((token) => {
        const number = numbers.get(token) ?? names.push(token) - 1;
        numbers.set(token, number);
        return number;
      });
    },
    knows: (id) => columns.has(names[id]),
    read(text) {
      const counts = countsOf(text);
      scores.set(intercept);
      let squares = 0;
      for (const [column, count] of counts) {
        const value = rarity ? (1 + Math.log(count)) * rarity[column] : 1;
        squares += value * value;
        for (let k = 0; k < width; k++) scores[k] += value * coefficients[column * width + k];
      }
      if (rarity && squares > 0) {
        const norm = Math.sqrt(squares);
        for (let k = 0; k < width; k++) {
          scores[k] = intercept[k] + (scores[k] - intercept[k]) / norm;
        }
      }
      return probabilities();
    },
    remember: () => {},
    lean(text, direction) {
      return Float64Array.from(text, (id) => {
        const column = columns.get(names[id]);
        if (column === undefined) return 0;
        let sum = 0;
        for (let k = 0; k < width; k++) {
          sum += coefficients[column * width + k] * direction[width === 1 ? 1 : k];
        }
        return sum;
      });
    },
    attention: () => null,
  };
}

/**
 * Probabilities that come true as often as they say: what training made of them (rare ratings weigh
 * more there) is undone by a sharpness and a shift for each class, which were fitted on validation
 * reviews (Guo et al. 2017).
 *
 * @param {ArrayLike<number>} probabilities
 * @param {{ sharpness: number, shifts: number[] }} calibration
 */
function calibrated(probabilities, { sharpness, shifts }) {
  return softmax(
    Float64Array.from(shifts, (shift, k) => sharpness * Math.log(probabilities[k] + 1e-12) + shift),
  );
}

/**
 * Between which ratings the truth lies with a probability of at least 80 %: a tenth on either side.
 *
 * @param {ArrayLike<number>} probabilities
 * @param {readonly number[]} values
 * @returns {[low: number, high: number]}
 */
function intervalOf(probabilities, values) {
  /** @param {number} share */
  const reached = (share) => {
    let sum = 0;
    for (let k = 0; k < values.length; k++) {
      sum += probabilities[k];
      if (sum >= share) return values[k];
    }
    return values[values.length - 1];
  };
  return [reached(0.1), reached(0.9)];
}

/** So many words are left out in turn: those that seem to matter most, if a text has more. */
const MOST_WORDS = 24;

/**
 * A rater that is ready to read.
 *
 * @param {PackedRater} packed
 */
function open(packed) {
  const { values, labels, calibration } = packed;
  const reader = packed.kind === "bag" ? bagReader(packed) : pairReader(packed);

  /** @param {ArrayLike<number>} probabilities */
  const expected = (probabilities) => {
    let sum = 0;
    for (let k = 0; k < values.length; k++) sum += probabilities[k] * values[k];
    return sum;
  };

  /**
   * What it says of ids; without a word that it knows, what it says of the usual review.
   *
   * @param {number[]} ids
   * @returns {Rated}
   */
  function judge(ids) {
    const raw = reader.read(ids);
    const probabilities = calibrated(raw, calibration);
    let best = 0;
    for (let k = 1; k < raw.length; k++) if (raw[k] > raw[best]) best = k;
    return {
      rating: expected(probabilities),
      interval: intervalOf(probabilities, values),
      label: labels[best],
      probabilities: Array.from(probabilities),
      known: ids.filter((id) => reader.knows(id)).length,
    };
  }

  /**
   * The words of a text that are worth leaving out.
   *
   * @param {string[]} words
   * @param {number[]} ids
   * @param {Rated} rated
   */
  function candidates(words, ids, { rating, probabilities }) {
    const direction = Float64Array.from(probabilities, (p, k) => p * (values[k] - rating));
    const leans = reader.lean(ids, direction);
    const pulls = /** @type {Map<string, number>} */ (new Map());
    words.forEach((word, t) => {
      if (!isWord(word) || !reader.knows(ids[t])) return;
      pulls.set(word, (pulls.get(word) ?? 0) + leans[t]);
    });
    return [...pulls]
      .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
      .slice(0, MOST_WORDS)
      .map(([word]) => word);
  }

  return {
    values,
    labels,
    /**
     * The probabilities as trained, before they are calibrated.
     *
     * @param {string[]} tokens
     */
    raw: (tokens) => Float64Array.from(reader.read(reader.encode(tokens))),
    /**
     * @param {string} text
     * @returns {Rated}
     */
    rate: (text) => judge(reader.encode(wordsOf(text))),
    /**
     * A rating with the words that moved it, those that moved it most first, and where the network
     * looked, token by token (`null` of a bag).
     *
     * @param {string} text
     * @returns {Rated & { words: WordEffect[], tokens: (Token & { attention: number | null })[] }}
     */
    explain(text) {
      const tokens = startAndEnd(tokenize(text), packed.length);
      const words = tokens.map(({ token }) => token);
      const ids = reader.encode(words);
      const rated = judge(ids);
      const attention = reader.attention(ids);
      const chosen = candidates(words, ids, rated);
      reader.remember();
      const effects = chosen.map((word) => {
        const same = words.indexOf(word);
        const rest = ids.filter((_, t) => words[t] !== word);
        const without = expected(calibrated(reader.read(rest, same), calibration));
        return { word, effect: rated.rating - without };
      });
      return {
        ...rated,
        words: effects.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)),
        tokens: tokens.map((token, t) => ({ ...token, attention: attention && attention[t] })),
      };
    },
    /**
     * The expected rating of a text that is cut into tokens.
     *
     * @param {string[]} tokens
     */
    ratingOf: (tokens) => judge(reader.encode(tokens)).rating,
  };
}

module.exports = { calibrated, intervalOf, open, startAndEnd, tokenize, unpack, wordsOf };
