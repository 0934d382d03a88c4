// The prose of notebooks, Markdown files and pages: what a person reads, without code, formulas and
// addresses.
import fs from "node:fs";
import path from "node:path";
import { toString } from "mdast-util-to-string"; // the words of a piece of Markdown
import remarkGfm from "remark-gfm"; // tables
import remarkMath from "remark-math"; // formulas
import remarkParse from "remark-parse"; // Markdown, as a tree
import { unified } from "unified";
import { visit } from "unist-util-visit";

const markdown = unified().use(remarkParse).use(remarkGfm).use(remarkMath);

/**
 * A paragraph, heading or cell of a table.
 *
 * @typedef {{ text: string, kind: string, line: number }} Piece
 */

/** Pieces of a text that hold words and no other pieces. */
const leaves = new Set(["paragraph", "heading", "tableCell"]);

/**
 * The pieces of a Markdown text. A formula, and code in a line, is one word: `Code`.
 *
 * @param {string} text
 * @returns {Piece[]}
 */
export function piecesOf(text) {
  const tree = markdown.parse(text);
  /** @type {Piece[]} */
  const pieces = [];
  visit(tree, (node) => {
    if (!leaves.has(node.type)) return;
    visit(node, ["inlineCode", "inlineMath", "html", "image"], (/** @type {any} */ part) => {
      // What an image shows is told in `alt`, a sentence of its own.
      if (part.type === "image")
        pieces.push({ text: part.alt ?? "", kind: "alt", line: lineOf(node) });
      const shown = { inlineCode: "Code", inlineMath: "Code" }[part.type] ?? "";
      Object.assign(part, { type: "text", value: shown, alt: undefined });
    });
    pieces.push({ text: toString(node).replace(/\s+/g, " "), kind: node.type, line: lineOf(node) });
  });
  return pieces.filter((piece) => piece.text.trim() !== "");
}

const lineOf = (/** @type {any} */ node) => node.position?.start.line ?? 1;

const sourceOf = (/** @type {{ source: string | string[] }} */ cell) =>
  [cell.source].flat().join("");

/**
 * A file that people read.
 *
 * @typedef {{ place: string, pieces: Piece[] }} Part `place` names a cell, or is ""
 * @typedef {{ name: string, parts: Part[], code: string[] }} Text `code`: a notebook's code cells
 */

/**
 * Reads a notebook or a Markdown file.
 *
 * @param {string} file
 * @param {string} [name] what it is called
 * @returns {Text}
 */
export function readText(file, name = path.basename(file)) {
  const text = fs.readFileSync(file, "utf8");
  if (!file.endsWith(".ipynb"))
    return { name, parts: [{ place: "", pieces: piecesOf(text) }], code: [] };
  const { cells } = JSON.parse(text);
  const of = (/** @type {string} */ type) => cells.filter((cell) => cell.cell_type === type);
  return {
    name,
    parts: of("markdown").map((cell) => ({
      place: cell.id,
      pieces: piecesOf(sourceOf(cell)),
    })),
    code: of("code").map(sourceOf),
  };
}

/** Licences and notices are not ours to word. */
const isLegal = (/** @type {string} */ name) => name === "THIRD_PARTY_NOTICES.md";

/**
 * Files below the project's folder that people read, from there.
 *
 * @param {string} root
 */
export function proseFiles(root) {
  const folders = [
    "",
    "docs",
    "notebooks",
    "notebooks/solutions",
    "notebooks/lab",
    "data",
    "bench",
  ];
  return folders.flatMap((folder) => {
    const place = path.join(root, folder);
    if (!fs.existsSync(place)) return [];
    const names = fs
      .readdirSync(place)
      .filter((name) => /\.(md|ipynb)$/.test(name) && !isLegal(name));
    return names.sort().map((name) => path.join(folder, name));
  });
}
