// The cards of the site's first page: a study each, with its headline as a small picture and in numbers.
import { escapeHtml } from "../../lib/src/files/markup.cjs";

const WIDTH = 280;
const MIDDLE = 24;

/** Where the stored seeds, the published number and that of this machine lie on one line, as SVG. */
function strip({ published, values, interval, live }, now) {
  const known = [...values, published, live?.value].filter((value) => Number.isFinite(value));
  if (known.length === 0) return "";
  const shown = interval ? [...known, ...interval] : known;
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const x = (value) => (16 + ((WIDTH - 32) * (value - low)) / (high - low || 1)).toFixed(1);
  const marks = [];
  if (interval) {
    const [from, to] = interval.map(x);
    marks.push(
      `<rect class="interval" x="${from}" y="${MIDDLE - 10}" width="${to - from}" height="20" rx="4"/>`,
    );
  }
  for (const value of values)
    marks.push(`<circle class="seed" cx="${x(value)}" cy="${MIDDLE}" r="4.5"/>`);
  if (published !== null) {
    const place = `translate(${x(published)} ${MIDDLE}) rotate(45)`;
    marks.push(
      `<rect class="published" x="-5" y="-5" width="10" height="10" transform="${place}"/>`,
    );
  }
  if (live) marks.push(`<circle class="now" cx="${x(live.value)}" cy="${MIDDLE}" r="8"/>`);
  const told = [
    published !== null && `published ${published.toFixed(4)}`,
    values.length > 0 && `stored seeds ${values.map((value) => value.toFixed(4)).join(", ")}`,
    interval && `one more seed between ${interval.map((value) => value.toFixed(4)).join(" and ")}`,
    live && `${now} ${live.value.toFixed(4)}`,
  ].filter(Boolean);
  return `<svg class="strip" viewBox="0 0 ${WIDTH} 58" role="img" aria-label="${escapeHtml(told.join("; "))}">
<line x1="16" x2="${WIDTH - 16}" y1="${MIDDLE}" y2="${MIDDLE}"/>
${marks.join("\n")}
<text x="16" y="54">${low.toFixed(3)}</text><text x="${WIDTH - 16}" y="54" text-anchor="end">${high.toFixed(3)}</text>
</svg>`;
}

function card(row, i, { library, pages, now }) {
  const { findStudy, report } = library;
  const { title, question, notebook } = findStudy(row.training.study);
  const page = pages.get(notebook);
  const { what, published, stored, live, minutes, verdict } = report.liveText(row, "not remade");
  const cell = (name, value) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`;
  const time = row.live ? ` <small>in ${minutes} min</small>` : "";
  return `<article class="card">
<h3>${i + 1} ${page ? `<a href="${page}">${escapeHtml(title)}</a>` : escapeHtml(title)}</h3>
<p>${escapeHtml(question)}</p>
<p class="what">${escapeHtml(what)}</p>
${strip(row, now)}
<dl>${cell("published", published)}${cell("stored seeds", stored)}<div><dt>${now}</dt><dd>${escapeHtml(live)}${time}</dd></div></dl>
<p class="judged">${row.live ? `${now}: ` : ""}${escapeHtml(verdict)}</p>
</article>`;
}

/**
 * Five cards as HTML, and what their marks mean.
 *
 * @param {object[]} rows the studies' headlines (`report.headlines`)
 * @param {{ library: typeof import("starlit"), pages: Map<string, string>, now: string }} facts addresses
 *   of the notebooks' pages, and what the numbers of this machine are called
 */
export function cards(rows, facts) {
  return `<div class="cards">
${rows.map((row, i) => card(row, i, facts)).join("\n")}
</div>
<p class="key"><span class="mark published">◆</span> published, <span class="mark seed">●</span> a stored seed, <span class="mark">◯</span> ${facts.now}; the band is where one more training ends with 95 % probability, judged by the stored seeds: <i>inside</i> means in the band, <i>by less than matters</i> outside of it, but within 0.01 of the stored seeds' mean (0.02 of a loss, 0.005 of a squared error).</p>`;
}

/** The numbers of all live trainings as a table. */
export function liveTable(rows, { library, now }) {
  const lines = rows.map((row) => {
    const { what, published, stored, live, minutes, verdict } = library.report.liveText(row);
    return `<tr>
<th scope="row" class="what">${escapeHtml(what)}</th>
<td class="number" data-name="published">${published}</td>
<td class="number" data-name="stored seeds">${stored}</td>
<td class="number" data-name="${now}">${live}</td>
<td class="made-with">${row.live ? `${minutes} min; ` : ""}${escapeHtml(verdict)}</td>
</tr>`;
  });
  return `<div class="results"><table>
<thead><tr><th scope="col">what</th><th scope="col" class="number">published</th><th scope="col" class="number">stored seeds</th><th scope="col" class="number">${now}</th><th scope="col" class="made-with">minutes, verdict</th></tr></thead>
<tbody>
${lines.join("\n")}
</tbody>
</table></div>`;
}
