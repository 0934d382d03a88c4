import * as path from "node:path";
import {
  attention,
  clothing,
  lab,
  notebooksOf,
  rating,
  simplifiedAttention,
  studies,
} from "../lib/src/studies";
import { root } from "./kernel/kernel";
import { type Notebook, readNotebooks } from "./notebooks/cells";
import { allowed } from "./notebooks/typedNumbers";

const notebooks = readNotebooks(path.join(root, "notebooks"));

/** A number with a decimal point, of percent, or an integer that is no small count and no year. */
interface Typed {
  text: string;
  value: number;
  decimals: number;
  isPercent: boolean;
}

/** Prose without what is no prose: code, formulas, pictures, addresses, tags, and titles of sections. */
function proseOf(source: string): string {
  return source
    .replace(/```[\s\S]*?```/g, " ")
    .replace(/`[^`]*`/g, " ")
    .replace(/\$\$[\s\S]*?\$\$/g, " ")
    .replace(/\$[^$\n]*\$/g, " ")
    .replace(/!\[[^\]]*\]\([^)]*\)/g, " ")
    .replace(/\]\([^)]*\)/g, "]")
    .replace(/<[^>]*>/g, " ")
    .replace(/^#+ .*$/gm, " ");
}

const number = /(?<![\w.,−-])(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:\s?%)?/g;

/** Of "83.6, 82.1 and 84.6 %" the sign belongs to all three. */
const percentFollows = /^(?:(?:,| and| or| to| ±)?\s?[\d.]+)*\s?%/;

/** An integer above 20 that is no year. */
function isCount(match: string): boolean {
  const value = Number(match.replaceAll(",", ""));
  return value > 20 && !/^(19|20)\d\d$/.test(match);
}

function typedNumbers(text: string): Typed[] {
  return [...text.matchAll(number)]
    .filter(([match]) => (/[.%]/.test(match) ? /\d/.test(match) : isCount(match)))
    .map((match) => {
      const digits = match[0].replace(/[,%\s]/g, "");
      // The zeros that end a larger integer are rounded: 18,000 stands for 17,642.
      const zeros = digits.length > 2 ? (/^\d*?(0*)$/.exec(digits)?.[1].length ?? 0) : 0;
      const decimals = digits.split(".")[1]?.length ?? -zeros;
      const after = text.slice(match.index + match[0].length);
      const isPercent =
        match[0].endsWith("%") || percentFollows.test(after) || /^ of 100\b/.test(after);
      return { text: match[0], value: Number(digits), decimals, isPercent };
    });
}

/** All numbers of a text, those of scientific notation too. */
function numbersIn(text: string): number[] {
  const plain = text.replace(/(\d),(?=\d{3})/g, "$1").replace(/−/g, "-");
  return [...plain.matchAll(/\d*\.?\d+(?:e[+-]?\d+)?/g)].map(([match]) => Number(match));
}

/** What cells print, tables and the words of pictures; not the data that pictures are drawn from. */
function outputsOf({ code }: Notebook): number[] {
  const texts = code.flatMap(({ outputs }) =>
    outputs.flatMap((output) => {
      const { text, data } = output as { text?: unknown; data?: Record<string, unknown> };
      return [text, data?.["text/plain"]].map((part) => [part ?? ""].flat().join(""));
    }),
  );
  return texts.flatMap(numbersIn);
}

/** Whether a number of the prose is another one, rounded; a percentage may be a share there. */
function isRounded({ value, decimals, isPercent }: Typed, other: number): boolean {
  const near = (found: number) => Math.abs(found - value) <= 0.5 * 10 ** -decimals + 1e-9;
  return near(other) || (isPercent && near(100 * other));
}

/** The published numbers of the study that a notebook is about; of all studies elsewhere. */
const publishedOf: Record<string, unknown> = {
  rating: rating.published,
  clothing: clothing.published,
  "simplified-attention": simplifiedAttention.published,
  attention: attention.published,
  lab: lab.published,
};

function publishedIn(name: string): number[] {
  const study = studies.find((study) => notebooksOf(study).includes(name));
  const constants = study ? [publishedOf[study.id]] : Object.values(publishedOf);
  return constants.flatMap((each) => numbersIn(JSON.stringify(each)));
}

/** The typed numbers of a notebook that no output and no published constant holds. */
function unfounded(notebook: Notebook): string[] {
  const settings = notebook.code.flatMap(({ source }) => numbersIn(source.replace(/_(?=\d)/g, "")));
  const known = [...outputsOf(notebook), ...publishedIn(notebook.name), ...settings];
  const prose = notebook.cells.filter(({ cell_type }) => cell_type === "markdown");
  return prose
    .flatMap(({ source }) => typedNumbers(proseOf(source)))
    .filter((typed) => !known.some((other) => isRounded(typed, other)))
    .map(({ text }) => text);
}

test.each(notebooks.map((notebook) => [notebook.name, notebook] as const))(
  "%s: each number in the prose stands in an output, was published, or has a reason",
  (name, notebook) => {
    const reasons = allowed[name] ?? {};
    const found = new Set(unfounded(notebook));
    expect([...found].filter((text) => !(text in reasons))).toEqual([]);
    // A reason for a number that is founded, or gone, is one too many.
    expect(Object.keys(reasons).filter((text) => !found.has(text))).toEqual([]);
    for (const reason of Object.values(reasons)) expect(reason.length).toBeGreaterThan(10);
  },
);

test("a number that nothing holds is found, one that is rounded or a percentage is not", () => {
  const cell = (cell_type: "code" | "markdown", source: string, text = "") => ({
    cell_type,
    source,
    metadata: {},
    outputs: text ? [{ output_type: "stream" as const, name: "stdout" as const, text }] : [],
  });
  const code = [cell("code", "", "accuracy 0.8648, 1,234.5 words")];
  const words =
    "We get 86.5 % (0.865) of 1,234.5 words, not 0.777 and not 91.3 %; in `0.123` and $0.5$ nothing.";
  const cells = [cell("markdown", words), ...code];
  const notebook = { name: "made-up.ipynb", metadata: {}, cells, code, text: "" };
  // The published numbers of all studies hold neither.
  expect(unfounded(notebook)).toEqual(["0.777", "91.3 %"]);
});
