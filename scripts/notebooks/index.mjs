// The first page of the site: what was published, what we found, and where to read it.
import fs from "node:fs";
import path from "node:path";
import { escapeHtml } from "../../lib/src/files/markup.cjs";
import { inRoot } from "../setup/paths.mjs";
import { cards, liveTable } from "./cards.mjs";
import { about, pageName, pageScripts } from "./pages.mjs";

/**
 * The page as HTML.
 *
 * @param {object} facts
 * @param {string[]} facts.notebooks files of the notebooks, in order
 * @param {{ study: string, rows: object[] }[]} facts.results what the studies saved
 * @param {object[]} facts.live what live trainings gave (`report.LiveResult`)
 * @param {string} facts.now what their numbers are called: "just now"
 * @param {string} facts.api address of the pages about the library
 * @param {typeof import("starlit")} facts.library
 */
export function firstPage({ notebooks, results, live, now, api, library }) {
  const template = (name) => fs.readFileSync(inRoot("scripts/notebooks/template", name), "utf8");
  const { description } = JSON.parse(fs.readFileSync(inRoot("package.json"), "utf8"));
  const pages = notebooks.map((file) => ({
    ...about(file),
    notebook: path.basename(file),
    page: pageName(file),
  }));
  const { report } = library;
  const facts = {
    library,
    now,
    pages: new Map(pages.map(({ notebook, page }) => [notebook, page])),
  };
  const { policy, head, foot } = pageScripts();
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
${policy}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Starlit</title>
<link rel="icon" href="data:,">
<style>${template("page.css")}</style>
${head}
</head>
<body>
<a class="skip" href="#text">Skip to the text</a>
<header class="bar"><span class="home">Starlit</span><span class="made"></span><button type="button" id="theme" hidden>Dark</button></header>
<div class="columns">
<nav class="contents" aria-label="Contents"><details open><summary>Contents</summary><ol>
${contents(pages, results)}
</ol></details></nav>
<main id="text" class="words">
<h1>Starlit</h1>
<p>${escapeHtml(description)}.</p>
<h2 id="studies">Five studies</h2>
${cards(report.headlines(live), facts)}
<h2 id="trained">Networks that a laptop trains in minutes</h2>
<p><code>npm run reproduce</code> trains them by the full published protocol, from a seed that no stored training has.</p>
${liveTable(report.liveRows(report.liveTrainings(), live), facts)}
<h2 id="published-and-ours">All numbers, published and ours</h2>
${results.map((study) => studyTable(study, library, pages)).join("\n") || "<p>No study has saved its results yet.</p>"}
<h2 id="notebooks">The notebooks</h2>
${pages.map(card).join("\n")}
<h2 id="library">The library</h2>
<p><a href="${api}">All exports of the package <code>starlit</code></a>, by room: what they take, what they return, and where each comes from.</p>
</main>
</div>
${foot}
</body>
</html>
`;
}

function contents(pages, results) {
  const notebooks = pages.map(
    ({ page, title }) => `<li><a href="${page}">${escapeHtml(title)}</a></li>`,
  );
  const links = [
    `<li><a href="#studies">Five studies</a></li>`,
    `<li><a href="#trained">Networks trained in minutes</a></li>`,
    ...(results.length > 0 ? [`<li><a href="#published-and-ours">All numbers</a></li>`] : []),
  ];
  return `${links.join("\n")}\n<li><a href="#notebooks">The notebooks</a><ol>\n${notebooks.join("\n")}\n</ol></li>\n<li><a href="#library">The library</a></li>`;
}

function studyTable({ study, rows }, { findStudy, report }, pages) {
  const { title, notebook } = findStudy(study);
  const page = pages.find((each) => each.page === pageName(notebook))?.page;
  const lines = report.texts(rows).map(
    ({ what, published, ours, difference, made, note }) => `<tr>
<th scope="row" class="what">${escapeHtml(what)}${note ? `<small>${escapeHtml(note)}</small>` : ""}</th>
<td class="number" data-name="published">${published}</td>
<td class="number" data-name="ours">${ours}</td>
<td class="number" data-name="difference">${difference}</td>
<td class="made-with">${made}</td>
</tr>`,
  );
  return `<h3>${page ? `<a href="${page}">${escapeHtml(title)}</a>` : escapeHtml(title)}</h3>
<div class="results"><table>
<thead><tr><th scope="col">what</th><th scope="col" class="number">published</th><th scope="col" class="number">ours</th><th scope="col" class="number">difference</th><th scope="col" class="made-with">made with</th></tr></thead>
<tbody>
${lines.join("\n")}
</tbody>
</table></div>`;
}

function card({ title, lead, page, profile }) {
  const made = profile ? ` <span class="verdict">${profile} profile</span>` : "";
  return `<h3><a href="${page}">${escapeHtml(title)}</a></h3>\n<p>${escapeHtml(lead)}${made}</p>`;
}
