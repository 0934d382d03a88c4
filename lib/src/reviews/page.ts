import * as fs from "node:fs";
import * as path from "node:path";
import { createHash } from "node:crypto";
import { escapeAttribute, escapeHtml } from "../files/markup.cjs";
import type { Interval } from "../metrics";
import { duration } from "../training/progress";
import { style } from "./live.cjs";
import type { TermEffect } from "./measure";
import type { PackedRater } from "./player.cjs";
import type { CurvePoint, RaterReport } from "./rater";

/** A text of somebody else's: it may be written in another direction than the page. */
const foreign = (text: string) => `<bdi>${escapeHtml(text)}</bdi>`;

const percent = (share: number, digits = 0) => `${(100 * share).toFixed(digits)} %`;
const number = (value: number) => value.toLocaleString("en");
const signed = (value: number) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);
const range = ({ estimate, lower, upper }: Interval, digits = 3) =>
  `${estimate.toFixed(digits)} <small>(${lower.toFixed(digits)} to ${upper.toFixed(digits)})</small>`;

/** JSON that may stand in a script element. */
const inScript = (value: unknown) =>
  JSON.stringify(value)
    .replace(/</g, "\\u003c")
    .replace(/\u2028/g, "\\u2028")
    .replace(/\u2029/g, "\\u2029");

const read = (name: string) => fs.readFileSync(path.join(__dirname, name), "utf8");

/** A module of plain JavaScript as an expression that gives what it exports. */
const asExpression = (name: string) =>
  `(() => { const module = { exports: {} };\n${read(name)}\nreturn module.exports; })()`;

/** What a page needs to hold raters: a style, and a script that fills elements. */
export interface Player {
  style: string;
  script: string;
}

/**
 * What a page needs to hold raters. The script fills every element of the class `starlit` with the
 * rater that the element named by its `data-rater` holds, see `playerElement`.
 */
export function player(): Player {
  const script = `"use strict";
const player = ${asExpression("player.cjs")};
const live = ${asExpression("live.cjs")};
for (const root of document.querySelectorAll(".starlit[data-rater]")) {
  const rater = player.open(JSON.parse(document.getElementById(root.dataset.rater).textContent));
  live.mount(root, rater, { example: root.dataset.example, title: root.dataset.title });
}`;
  return { style, script };
}

/**
 * The element that becomes a rater, and the rater's numbers, for a page that has `player`.
 *
 * @param id of the element
 */
export function playerElement(
  id: string,
  packed: PackedRater,
  { title, example }: { title: string; example: string },
): string {
  return `<div class="starlit" id="${id}" data-rater="${id}-rater" data-title="${escapeAttribute(title)}" data-example="${escapeAttribute(example)}">
<noscript>The rater needs JavaScript.</noscript></div>
<script type="application/json" id="${id}-rater">${inScript(packed)}</script>`;
}

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  caption = "",
): string {
  const cells = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? `<th scope="row">${cell}</th>` : `<td>${cell}</td>`)).join("");
  return `<div class="wide" tabindex="0" role="group" aria-label="${caption.replace(/<[^>]*>/g, "") || "table"}"><table>${caption && `<caption>${caption}</caption>`}
<thead><tr>${head.map((cell) => (cell === "" ? "<td></td>" : `<th scope="col">${cell}</th>`)).join("")}</tr></thead>
<tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join("\n")}</tbody></table></div>`;
}

/** A bar of so many of a hundred, in a table. */
const bar = (share: number) =>
  `<svg class="meter" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="blue" width="${(100 * Math.min(1, share)).toFixed(1)}" height="10"/></svg>`;

/** A bar to the left or right of the middle. */
function leaning(value: number, most: number): string {
  const size = (50 * Math.min(1, Math.abs(value) / most)).toFixed(1);
  const x = value < 0 ? (50 - Number(size)).toFixed(1) : "50";
  return `<svg class="meter" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="${value < 0 ? "red" : "blue"}" x="${x}" width="${size}" height="10"/><rect class="axis" x="49.7" width="0.6" height="10"/></svg>`;
}

/** A curve through points with the whiskers of their intervals, on a small square. */
function curveFigure(
  points: readonly { x: number; y: number; low?: number; high?: number }[],
  words: { title: string; x: string; y: string; diagonal?: boolean; xLabels: string[] },
): string {
  const xs = points.map(({ x }) => x);
  const ys = points.flatMap(({ y, low = y, high = y }) => [y, low, high]);
  const spread = (values: number[]): [number, number] => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const margin = 0.08 * (most - least || Math.abs(most) || 1);
    return [least - margin, most + margin];
  };
  const [x0, x1] = words.diagonal ? [0, 1] : spread(xs);
  const [y0, y1] = words.diagonal ? [0, 1] : spread(ys);
  const X = (x: number) => (46 + (264 * (x - x0)) / (x1 - x0)).toFixed(1);
  const Y = (y: number) => (190 - (174 * (y - y0)) / (y1 - y0)).toFixed(1);
  const digits = words.diagonal ? 1 : 2;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => y0 + share * (y1 - y0));
  return `<svg class="figure" viewBox="0 0 320 230" role="img" aria-label="${escapeAttribute(words.title)}">
${ticks.map((y) => `<line class="grid" x1="46" x2="310" y1="${Y(y)}" y2="${Y(y)}"/><text x="40" y="${Number(Y(y)) + 4}" text-anchor="end">${y.toFixed(digits)}</text>`).join("")}
${words.diagonal ? `<line class="dashed" x1="${X(0)}" y1="${Y(0)}" x2="${X(1)}" y2="${Y(1)}"/>` : ""}
${points.map(({ x, low, high }) => (low === undefined || high === undefined ? "" : `<line class="line" x1="${X(x)}" x2="${X(x)}" y1="${Y(low)}" y2="${Y(high)}"/>`)).join("")}
<polyline class="line" points="${points.map(({ x, y }) => `${X(x)},${Y(y)}`).join(" ")}"/>
${points.map(({ x, y }) => `<circle class="blue" cx="${X(x)}" cy="${Y(y)}" r="4"/>`).join("")}
${points.map(({ x }, i) => `<text x="${X(x)}" y="206" text-anchor="middle">${words.xLabels[i] ?? ""}</text>`).join("")}
<text x="178" y="224" text-anchor="middle">${words.x}</text><text class="up" x="0" y="10">${words.y}</text></svg>`;
}

const pageStyle = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; color: #1b1b1b; background: #fff; }
h1 { font-size: 1.6rem; line-height: 1.2; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
small { font-size: 0.85em; } .wide { overflow-x: auto; } .wide:focus-visible { outline: 2px solid #0072b2; }
.wide table { border-collapse: collapse; width: 100%; } caption { text-align: start; font-weight: 600; padding: 0.3rem 0; }
.wide th, .wide td { text-align: start; padding: 0.25rem 0.7rem 0.25rem 0; vertical-align: top; border-bottom: 1px solid #8885; font-weight: 400; }
.wide thead th { font-weight: 600; } td { font-variant-numeric: tabular-nums; } td.text { min-width: 14rem; }
.meter { width: 7rem; height: 0.8rem; } .figure { width: 100%; max-width: 26rem; } .figure text { font-size: 11px; fill: currentColor; }
.blue { fill: #0072b2; } .red { fill: #d55e00; } .axis { fill: currentColor; } .line { stroke: #0072b2; stroke-width: 2; fill: none; }
.grid { stroke: #8884; } .dashed { stroke: currentColor; stroke-dasharray: 4 3; } blockquote { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 0 2rem; }
@media (prefers-color-scheme: dark) { body { color: #e8e8e8; background: #16181b; } .blue { fill: #56b4e9; } .line { stroke: #56b4e9; } .red { fill: #f0a060; } .starlit { --up: 86, 180, 233; --down: 240, 160, 96; } }
`;

function dataSection({ data, split }: RaterReport): string {
  const left = Object.entries(data.badCounts);
  const most = Math.max(...data.counts);
  const bad = data.bad.slice(0, 20).map(({ line, problem }) => [number(line), foreign(problem)]);
  return `<h2>What went in</h2>
<p>${foreign(data.source)}: ${number(data.rows)} rows, of which ${number(data.counts.reduce((a, b) => a + b, 0))} are reviews with a text and a rating. Learned from ${number(split.train)}, the model chosen on ${number(split.validation)}, all scores taken on ${number(split.test)} others${split.unused > 0 ? `; ${number(split.unused)} were not used` : ""}. Parted by ${escapeHtml(split.by)}: nothing of it is on two sides.</p>
<ul>${data.notes.map((note) => `<li>${foreign(note)}</li>`).join("\n")}</ul>
${table(
  ["rating", "reviews", ""],
  data.counts.map((count, k) => [foreign(data.scale.labels[k]), number(count), bar(count / most)]),
  "How often each rating occurs",
)}
${
  left.length === 0
    ? ""
    : `<p>Left out: ${left.map(([problem, count]) => `${foreign(problem)} (${number(count)})`).join(", ")}.</p>
<details><summary>The first of these rows</summary>${table(["line", "why"], bad, "Rows that were left out")}</details>`
}`;
}

function scoreSection(report: RaterReport): string {
  const { scores, gain, seeds, losses, kept } = report;
  const other = kept === "pairs" ? "linear model" : "network";
  const sure =
    gain.lower > 0
      ? "the difference is more than chance"
      : gain.upper < 0
        ? "on the test reviews the other one is better, which the validation reviews did not tell"
        : "the difference may be chance";
  const several =
    seeds.length < 2
      ? ""
      : table(
          ["seed", "validation loss", "weighted F1", "error"],
          seeds.map(({ seed, loss, weightedF1, error }) => [
            String(seed),
            loss.toFixed(4),
            weightedF1.toFixed(3),
            error.toFixed(3),
          ]),
          "The network from several seeds",
        );
  return `<h2>How good it is</h2>
<p>A rating is <em>right</em> if the class that fits best is the true one; the <em>error</em> is the distance of the expected rating from the true one, in points. In brackets: intervals of 95 %.</p>
${table(
  ["", "right", "weighted F1", "macro-F1", "error"],
  scores.map(({ name, accuracy, weightedF1, macroF1, error }) => [
    escapeHtml(name),
    range(accuracy),
    range(weightedF1),
    range(macroF1),
    range(error),
  ]),
  `Scores on ${number(report.split.test)} reviews that it has not seen`,
)}
<p>Kept for its lower cross-entropy on the validation reviews (linear model ${losses.bag.toFixed(3)}, network ${losses.network.toFixed(3)}). On the test reviews its error is below that of the ${other} by ${range(gain)}: ${sure}.</p>
${several}`;
}

function calibrationSection({ calibration, coverage, data }: RaterReport): string {
  const points = calibration.map(({ predicted, observed }) => ({ x: predicted, y: observed }));
  const told = calibration.map(
    ({ predicted, observed }) => `${percent(predicted)} sure, ${percent(observed)} right`,
  );
  return `<h2>Whether it knows how sure it is</h2>
<p>The interval that is shown with a rating is made to hold the truth in at least 80 % of the reviews; it held it in ${percent(coverage, 1)} (with ${data.scale.values.length} ratings it cannot be narrower than one). On the dashed line, “70 % sure” means right in 70 of 100.</p>
${curveFigure(points, {
  title: `Calibration: ${told.join("; ")}`,
  x: "how sure it was",
  y: "share that was right",
  diagonal: true,
  xLabels: points.map(({ x }, i) => (i === 0 || i === points.length - 1 ? percent(x) : "")),
})}`;
}

function errorSection({ errors }: RaterReport): string {
  const most = Math.max(0.01, ...errors.map(({ lean }) => Math.abs(lean)));
  const known = errors.filter(({ count }) => count > 0);
  const towardsMiddle = known.length > 1 && known[0].lean > 0 && known.at(-1)!.lean < 0;
  return `<h2>Where it errs</h2>
${table(
  ["true rating", "reviews", "error", "leans by", "", "found"],
  errors.map(({ label, count, lean, error, found }) =>
    count === 0
      ? [foreign(label), "0", "–", "–", "", "–"]
      : [
          foreign(label),
          number(count),
          error.toFixed(2),
          signed(lean),
          leaning(lean, most),
          percent(found),
        ],
  ),
  "By true rating",
)}
${towardsMiddle ? "<p>Bad reviews are rated too high and good ones too low: who is not sure goes to the middle, and the more so the fewer reviews a rating has.</p>" : ""}`;
}

function termSection({ words, pairs }: RaterReport): string {
  const most = Math.max(0.01, ...[...words, ...pairs].map(({ effect }) => Math.abs(effect)));
  const rows = (terms: readonly TermEffect[]) =>
    [...terms]
      .sort((a, b) => b.effect - a.effect)
      .map(({ term, effect, reviews }) => [
        foreign(term),
        signed(effect),
        leaning(effect, most),
        number(reviews),
      ]);
  const head = ["left out", "the rating falls by", "", "reviews"];
  const none = "<p>No pair does more than its words do one by one.</p>";
  return `<h2>Words and pairs of words that move a rating</h2>
<p>Of the words that occur often: by how much the rating falls on average where one is left out. A pair is told where both together do more than each alone.</p>
<div class="two"><div>${table(head, rows(words), "Words")}</div>
<div>${pairs.length > 0 ? table(head, rows(pairs), "Pairs") : none}</div></div>`;
}

function mistakeSection({ mistakes }: RaterReport): string {
  return `<h2>The ten worst mistakes</h2>
<p>Often it is the rating that is odd, not the text: somebody took one for the best mark, or wrote about something else.</p>
${table(
  ["true", "rated", "review"],
  mistakes.map(({ text, rating, rated, line }) => [
    String(rating),
    rated.toFixed(1),
    `<blockquote dir="auto">${escapeHtml(text)}</blockquote><small>line ${number(line)}</small>`,
  ]),
  "Reviews that were rated worst",
)}`;
}

/** Whether more reviews would help, in a sentence. */
export function curveVerdict(curve: readonly CurvePoint[]): string {
  const last = curve.at(-1);
  if (!last?.gain) return "";
  const { estimate, lower, upper } = last.gain;
  const told = `Twice as many reviews lowered the error by ${estimate.toFixed(3)} at the last step (95 % interval ${lower.toFixed(3)} to ${upper.toFixed(3)})`;
  if (lower > 0)
    return `${told}: more reviews would very probably help, the next doubling by somewhat less.`;
  if (upper < 0.01 * last.error.estimate)
    return `${told}: more reviews of this kind would hardly help.`;
  return `${told}: whether more reviews would help cannot be told from these; if so, by little.`;
}

function curveSection({ curve }: RaterReport): string {
  if (curve.length === 0) return "";
  const points = curve.map(({ reviews, error }) => ({
    x: Math.log2(reviews),
    y: error.estimate,
    low: error.lower,
    high: error.upper,
  }));
  const told = curve.map(
    ({ reviews, error }) => `${number(reviews)} reviews, error ${error.estimate.toFixed(3)}`,
  );
  return `<h2>Whether more reviews would help</h2>
<p>${curveVerdict(curve)}</p>
${curveFigure(points, {
  title: `Learning curve: ${told.join("; ")}`,
  x: "reviews learned from (each step twice as many)",
  y: "error on the test reviews",
  xLabels: curve.map(({ reviews }) => number(reviews)),
})}`;
}

function limitSection({ data, split, trained, version, seconds, kept }: RaterReport): string {
  const language = data.languages[0]?.language ?? "an unknown language";
  const few = data.counts.filter((count) => count < 100).length;
  const limits = [
    `It knows reviews such as these (${language}, ${number(split.train)} of them, until ${trained}). Of other things, other years or other languages it may say anything, and it does not notice.`,
    "It rates what is written, not what is meant: irony, a story about somebody else’s purchase, or a text about the delivery mislead it.",
    "It learned what these people wrote, with what they hold for granted; a word for a group of people may move a rating. Do not judge people by it.",
    "One rating is a guess with an interval; the mean of many is worth more. Do not take a decision about one review by it alone.",
    ...(few > 0
      ? [
          `${few} of the ratings have fewer than a hundred reviews: of these it knows little, and their scores above are rough.`,
        ]
      : []),
    ...(split.by.startsWith("text")
      ? [
          "Reviews of one product, or by one person, may be on both sides: name a column as the group, and the scores are of new ones.",
        ]
      : []),
  ];
  return `<h2>Limits</h2><ul>${limits.map((limit) => `<li>${escapeHtml(limit)}</li>`).join("\n")}</ul>
<p><small>${kept === "pairs" ? "A network of words and pairs of words, of which an LSTM says where to look" : "A linear model of words and pairs of words"}; trained ${trained} in ${duration(seconds)} with Starlit ${escapeHtml(version)}. Its numbers are rounded to whole steps, and all scores are those of the rounded ones. This page asks for nothing from a network, and what you write stays in it.</small></p>`;
}

const integrity = (text: string) =>
  `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/**
 * The report of a rater as one page that needs no network and holds the rater: whoever opens it writes
 * a review and sees its rating. All texts of reviews are escaped, and the page allows no script but
 * its own.
 */
export function reportPage(packed: PackedRater, report: RaterReport): string {
  const live = player();
  const styles = `${pageStyle}${live.style}`;
  // Widths that the script sets are no style of the page's text, and are allowed.
  const policy = `default-src 'none'; script-src ${integrity(live.script)}; style-src ${integrity(styles)}; base-uri 'none'; form-action 'none'`;
  const example = exampleOf(report);
  const name = report.data.source.split(",")[0];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A rater of ${escapeAttribute(name)}</title>
<style>${styles}</style></head><body>
<main>
<h1>A rater of ${foreign(name)}</h1>
${playerElement("your-review", packed, { title: "Write a review", example })}
${dataSection(report)}
${scoreSection(report)}
${calibrationSection(report)}
${errorSection(report)}
${termSection(report)}
${mistakeSection(report)}
${curveSection(report)}
${limitSection(report)}
</main>
<script>${live.script}</script>
</body></html>
`;
}

/** Words that are known to move a rating, in a row, for a box that is not empty. */
function exampleOf({ words }: RaterReport): string {
  const [best, worst] = [
    words.filter(({ effect }) => effect > 0).slice(0, 3),
    words.filter(({ effect }) => effect < 0).slice(0, 2),
  ];
  const list = [...best, ...worst].map(({ term }) => term);
  return list.length > 0 ? list.join(", ") : "";
}
