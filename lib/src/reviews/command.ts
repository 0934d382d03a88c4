import * as fs from "node:fs";
import { StarlitError } from "../engine/errors";
import type { Rated, WordEffect } from "./player.cjs";
import { loadRater, type Rater } from "./rater";
import { isFileName, rateTable } from "./stream";

/** Options of the command `rate`. */
export interface RateOptions {
  model: string;
  text?: string;
  title?: string;
  encoding?: string;
  json?: true;
}

const signed = (value: number) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);

/** A rated text as lines for a person. */
export function ratedText(
  { values, labels }: Pick<Rater, "values" | "labels">,
  rated: Rated & { words: WordEffect[] },
): string {
  if (rated.known === 0) return "The text holds no word that the rater knows.";
  const nameOf = (value: number) => labels[values.indexOf(value)];
  const named = labels.some((label, k) => label !== String(values[k]));
  const best = values[values.length - 1];
  const [low, high] = rated.interval.map(nameOf);
  const label = named ? `, "${rated.label}"` : "";
  const words = rated.words.slice(0, 10).map(({ word, effect }) => `  ${signed(effect)}  ${word}`);
  return [
    `${rated.rating.toFixed(1)} of ${best}${label}, with 80 % probability ${low} to ${high}`,
    ...words,
  ].join("\n");
}

/** Rates what the command `rate` was given: a text, a table, or what is piped in. */
export async function rateCommand(given: string | undefined, options: RateOptions): Promise<void> {
  const rater = loadRater(options.model);
  const what = given ?? (process.stdin.isTTY ? undefined : "-");
  if (what === undefined) {
    throw new StarlitError('Give a review in quotes, a file, or "-" for what is piped in.');
  }
  if (!isFileName(what) && !fs.existsSync(what)) {
    const rated = rater.explain(what);
    const plain = { ...rated, tokens: undefined, text: what };
    console.log(options.json ? JSON.stringify(plain) : ratedText(rater, rated));
    return;
  }
  await rateFile(rater, what, options);
}

async function rateFile(rater: Rater, file: string, options: RateOptions): Promise<void> {
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const rate = (rows: number) =>
    `${Math.round(rows / seconds()).toLocaleString("en")} rows a second`;
  let told = 0;
  const { stdout, stderr } = process;
  const { rows, unrated, notes } = await rateTable(rater.packed, file, {
    text: options.text,
    title: options.title,
    encoding: options.encoding,
    json: options.json,
    write: async (lines) => {
      if (!stdout.write(lines)) await new Promise((resolve) => stdout.once("drain", resolve));
    },
    onRows: (done) => {
      if (seconds() - told < 5) return;
      told = seconds();
      stderr.write(`${done.toLocaleString("en")} rows, ${rate(done)}\n`);
    },
  });
  for (const note of notes) stderr.write(`${note}\n`);
  const left =
    unrated === 0
      ? ""
      : `; ${unrated.toLocaleString("en")} without a text that it knows are not rated`;
  stderr.write(
    `${rows.toLocaleString("en")} rows in ${seconds().toFixed(1)} s, ${rate(rows)}${left}.\n`,
  );
}
