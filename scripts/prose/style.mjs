// Words that are spelled wrongly, and sentences that a reader stumbles over.
import { spellCheckDocument } from "cspell-lib"; // spelling, by the word list in cspell.json
import retextEnglish from "retext-english"; // sentences and words
import retextIndefiniteArticle from "retext-indefinite-article"; // "a hour"
import retextRepeatedWords from "retext-repeated-words"; // "the the"
import retextStringify from "retext-stringify";
import { unified } from "unified";
import { visit } from "unist-util-visit";

/** Words of a sentence: beyond these a reader has forgotten how it began. */
const LONGEST_SENTENCE = 50;

/** Complains of a sentence that is too long. */
const shortSentences = () => (/** @type {any} */ tree, /** @type {any} */ file) => {
  visit(tree, "SentenceNode", (sentence) => {
    let words = 0;
    visit(sentence, "WordNode", () => void words++);
    if (words > LONGEST_SENTENCE) file.message(`A sentence has ${words} words: make two of it.`);
  });
};

const linter = unified()
  .use(retextEnglish)
  .use(retextRepeatedWords)
  .use(retextIndefiniteArticle)
  .use(shortSentences)
  .use(retextStringify);

/**
 * What is wrong with a text, a line for each.
 *
 * @param {import("./text.mjs").Text} text
 * @param {string} configFile the project's words
 */
export async function complaints({ name, parts }, configFile) {
  const pieces = parts.flatMap(({ place, pieces: own }) =>
    own.map((piece) => ({
      ...piece,
      place: place ? `${name}, cell ${place}` : `${name}:${piece.line}`,
    })),
  );
  const found = [];
  for (const { text, place, kind } of pieces) {
    if (kind === "tableCell") continue; // no sentences
    for (const { reason } of (await linter.process(text)).messages)
      found.push(`${place}: ${reason} "${text.slice(0, 60)}"`);
  }
  // One document of all pieces, a line each, so that the dictionaries are asked once.
  const lines = pieces.map(({ text }) => text);
  const checked = await spellCheckDocument(
    {
      uri: `file:///${encodeURIComponent(name)}.txt`,
      text: lines.join("\n"),
      languageId: "plaintext",
    },
    { configFile, generateSuggestions: false },
    {},
  );
  if (checked.errors?.length) throw checked.errors[0];
  for (const { text, line } of checked.issues) {
    const at = lines.findIndex((piece) => `${piece}\n` === line.text || piece === line.text);
    found.push(`${pieces[at]?.place ?? name}: unknown word "${text}"`);
  }
  return found;
}
