// How long a text is, and how easily it reads.
import { flesch } from "flesch"; // Flesch's reading ease: 60 to 70 is plain English
import retextEnglish from "retext-english";
import { syllable } from "syllable";
import { unified } from "unified";
import { toString } from "nlcst-to-string";
import { visit } from "unist-util-visit";

const english = unified().use(retextEnglish);

/** The middle value of some numbers. */
function median(/** @type {number[]} */ values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/**
 * Counts of a text's paragraphs; headings and tables have no sentences.
 *
 * @param {import("./text.mjs").Text} text
 */
export function readability({ name, parts, code }) {
  const paragraphs = parts.flatMap(({ pieces }) =>
    pieces.filter(({ kind }) => kind === "paragraph"),
  );
  let [sentences, words, syllables, long] = [0, 0, 0, 0];
  for (const { text } of paragraphs) {
    visit(english.parse(text), "SentenceNode", (sentence) => {
      let length = 0;
      visit(sentence, "WordNode", (word) => {
        length++;
        syllables += syllable(toString(word)) || 1;
      });
      if (length === 0) return;
      sentences++;
      words += length;
      if (length > 30) long++;
    });
  }
  const lines = code.map((cell) => cell.trim().split("\n").length);
  return {
    text: name,
    cells: code.length ? parts.length + code.length : null,
    "median code": lines.length ? median(lines) : null,
    "longest code": lines.length ? Math.max(...lines) : null,
    words,
    sentences,
    "words a sentence": Number((words / sentences).toFixed(1)),
    "over 30 words": long,
    "Flesch reading ease": Number(
      flesch({ sentence: sentences, word: words, syllable: syllables }).toFixed(1),
    ),
  };
}
