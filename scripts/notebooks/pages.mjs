// Notebooks as self-contained HTML pages.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { writeWhole } from "../../lib/src/files/whole.cjs";
import { inRoot, logs, python } from "../setup/paths.mjs";
import { SetupError } from "../setup/run.mjs";
import { drawFormulas } from "./formulas.mjs";
import { jupyterEnvironment } from "./jupyter.mjs";
import { policyTag, scriptTag } from "./policy.mjs";

const template = (name) => fs.readFileSync(inRoot("scripts/notebooks/template", name), "utf8");
const FIGURE = "application/vnd.vegalite.v5+json";

/** What draws figures. */
const vega = () =>
  ["vega", "vega-lite", "vega-embed"].map((name) =>
    fs.readFileSync(inRoot("node_modules", name, "build", `${name}.min.js`), "utf8"),
  );

/**
 * A rater that some pages hold, so that a reader's sentence is rated there.
 *
 * @typedef {object} PageRater
 * @property {string[]} notebooks names of the notebooks whose pages end with it
 * @property {string} html its element and its numbers
 * @property {string} script what fills the element
 */

/**
 * The head's and the foot's part of a page's scripts, and the policy that lets these run and no other.
 *
 * @param {boolean} figures whether the page has interactive figures
 * @param {PageRater | null} rater
 */
export function pageScripts(figures = false, rater = null) {
  const own = [...(figures ? vega() : []), template("page.js"), ...(rater ? [rater.script] : [])];
  const [head, foot] = [[template("theme.js")], own];
  const tags = (codes) => codes.map(scriptTag).join("\n");
  return { policy: policyTag([...head, ...foot]), head: tags(head), foot: tags(foot) };
}

/** What a notebook tells about itself: title, what it is about, profile of its outputs, whether it has figures. */
export function about(file) {
  const { cells, metadata } = JSON.parse(fs.readFileSync(file, "utf8"));
  const words = cells.filter((cell) => cell.cell_type === "markdown");
  const text = words.map(({ source }) => [source].flat().join("")).join("\n\n");
  const title = text.match(/^# +(.+)$/m)?.[1] ?? path.basename(file, ".ipynb");
  const paragraph = text.split(/\n\s*\n/).find((block) => /^[^#\s|<>!*-]/.test(block.trim())) ?? "";
  return {
    title,
    lead: paragraph
      .replace(/\s+/g, " ")
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replace(/[*_`]/g, ""),
    profile: metadata.starlit?.profile ?? null,
    figures: cells.some(({ outputs = [] }) => outputs.some(({ data }) => data?.[FIGURE])),
  };
}

/**
 * Makes a page `<name>.html` in `folder` for each notebook.
 *
 * @param {string[]} files executed notebooks
 * @param {string} folder where the pages go
 * @param {{ home?: string, download?: (file: string) => string, rater?: PageRater | null }} [options] the site's first page,
 *   and the address of a notebook's file in the site; a rater that some of the pages hold
 * @returns {Promise<string[]>} the pages
 */
export async function makePages(files, folder, { home, download, rater = null } = {}) {
  const drafts = fs.mkdtempSync(path.join(logs, "pages-"));
  const pages = files.map((file, i) => {
    const beside = (other, text) =>
      other && home ? [{ href: pageName(other), text: `${text}: ${about(other).title}` }] : [];
    const links = [
      ...beside(files[i - 1], "Before"),
      ...(home ? [{ href: home, text: "All studies" }] : []),
      ...(download
        ? [{ href: download(file), text: "Download this notebook", download: true }]
        : []),
      ...beside(files[i + 1], "Next"),
    ];
    const { title, profile, figures } = about(file);
    const made = profile ? `${profile} profile` : "";
    const output = path.join(drafts, pageName(file));
    const own = rater?.notebooks.includes(path.basename(file)) ? rater : null;
    const scripts = pageScripts(figures, own);
    return { notebook: file, output, title, home, made, links, rater: own?.html ?? "", ...scripts };
  });
  exportHtml({ names: home ? files.map((file) => path.basename(file)) : [], pages });
  const made = [];
  for (const { output } of pages) {
    const page = path.join(folder, path.basename(output));
    writeWhole(page, await drawFormulas(fs.readFileSync(output, "utf8")));
    made.push(page);
  }
  fs.rmSync(drafts, { recursive: true, force: true });
  return made;
}

export const pageName = (file) => `${path.basename(file, ".ipynb")}.html`;

function exportHtml(job) {
  const { status, stderr } = spawnSync(python, [inRoot("scripts/notebooks/export.py")], {
    input: JSON.stringify(job),
    encoding: "utf8",
    env: { ...process.env, ...jupyterEnvironment },
  });
  if (status !== 0)
    throw new SetupError(`The pages could not be made: ${stderr.trim().split("\n").at(-1)}`);
}
