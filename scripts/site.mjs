// Makes HTML of the notebooks as they are, without running them.
//   npm run site [-- --out DIR --open]           all notebooks, with a first page
//   npm run html NOTEBOOK [-- --out DIR --open]  one notebook as one self-contained page
import { spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { mendable } from "../lib/src/files/errors.cjs";
import { writeWhole } from "../lib/src/files/whole.cjs";
import { makeApi } from "./api.mjs";
import { firstPage } from "./notebooks/index.mjs";
import { makePages } from "./notebooks/pages.mjs";
import { command, setup } from "./setup.mjs";
import { inRoot } from "./setup/paths.mjs";
import { readArguments, SetupError } from "./setup/run.mjs";

/** The committed notebooks, in the order of their names. */
export function committedNotebooks() {
  const names = fs.readdirSync(inRoot("notebooks")).filter((name) => /^\d.*\.ipynb$/.test(name));
  return names.sort().map((name) => inRoot("notebooks", name));
}

/** The library, as set-up compiled it. */
export const library = () => createRequire(inRoot("package.json"))("starlit");

/**
 * Makes the site in `folder`: a page for each notebook, the notebooks to download, the pages about
 * the library, and a first page with the results.
 *
 * @param {object} site
 * @param {string} site.folder
 * @param {string[]} site.notebooks
 * @param {{ study: string, rows: object[] }[]} site.results what the studies saved
 * @param {object[]} [site.live] what live trainings gave (`report.LiveResult`)
 * @param {string} [site.now] what their numbers are called
 * @returns {Promise<string>} the first page
 */
export async function makeSite({ folder, notebooks, results, live = [], now = "last remade" }) {
  const download = (file) => `notebooks/${path.basename(file)}`;
  // Notebooks that were executed lie in the site itself, and those to download show them as well.
  const [pictures, copies] = [inRoot("notebooks"), path.join(folder, "notebooks")].map((place) =>
    path.resolve(place, "pictures"),
  );
  if (pictures !== copies) fs.cpSync(pictures, copies, { recursive: true });
  await makePages(notebooks, folder, { home: "index.html", download, rater: filmRater() });
  for (const file of notebooks) {
    const copy = path.join(folder, download(file));
    fs.mkdirSync(path.dirname(copy), { recursive: true });
    if (path.resolve(file) !== path.resolve(copy)) fs.copyFileSync(file, copy);
  }
  const api = await makeApi(folder);
  const index = path.join(folder, "index.html");
  writeWhole(index, firstPage({ notebooks, results, live, now, api, library: library() }));
  return index;
}

/**
 * The rater of film reviews for the pages of the studies of films, where one was trained here on the
 * studies' own reviews; where there is none, stderr tells why.
 */
export function filmRater() {
  const { player, playerElement, rating } = library();
  const without = (/** @type {string} */ why) => {
    console.error(`The pages of studies 1 and 4 rate no sentence of the reader's. ${why}`);
    return null;
  };
  let rater;
  try {
    rater = rating.loadRater();
  } catch (error) {
    const why = mendable(error);
    if (why === null) throw error;
    return without(why);
  }
  if (rater.standIn) {
    return without(
      "The rater that is there learned from reviews that stand in for the study's: get those (data/README.md), then `npx starlit train-rater --profile full`.",
    );
  }
  const { style, script } = player();
  const words = {
    title: "Write a review of a film",
    example: "The story is slow and the dialogue awful, but the cast is superb.",
  };
  const learned =
    rater.profile === "full"
      ? "It learned from the study's film reviews (full profile)."
      : "It is a toy, which learned from a few of the study's film reviews (quick profile).";
  const html = `<section class="words"><h2 id="your-sentence">Your sentence</h2>
<p>It is rated while you type, in this page: nothing is sent. Underlined words moved the rating; beside them stands how much of the network's attention they got.</p>
<p>${learned}</p>
<style>${style}</style>${playerElement("your-film-review", rater.packed, words)}</section>`;
  return { notebooks: ["01-rating.ipynb", "04-attention.ipynb"], html, script };
}

/** Opens a page in the reader's browser, where there is one. */
export function openPage(page) {
  const child = spawn("xdg-open", [page], { detached: true, stdio: "ignore" });
  child.on("error", () => console.log(`Open ${page} in a browser.`));
  child.unref();
}

/** A path as a reader in this folder would type it. */
export function placeName(file) {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith("..") ? path.resolve(file) : relative;
}

const usage = `npm run site [-- --out DIR --open]           all notebooks, with a first page
npm run html NOTEBOOK [-- --out DIR --open]  one notebook as one self-contained page`;

async function main() {
  const { values, positionals } = readArguments(usage, {
    allowPositionals: true,
    options: {
      out: { type: "string", default: inRoot("site") },
      open: { type: "boolean", default: false },
    },
  });
  await setup();
  const page =
    positionals.length > 0 ? await onePage(positionals[0], values.out) : await site(values.out);
  console.log(placeName(page));
  if (values.open) openPage(page);
}

async function onePage(file, folder) {
  if (!fs.existsSync(file)) throw new SetupError(`There is no notebook ${file}.`);
  return (await makePages([file], folder))[0];
}

function site(folder) {
  const notebooks = committedNotebooks();
  if (notebooks.length === 0) throw new SetupError("There are no notebooks to make a site of.");
  const { report } = library();
  const results = inRoot("data/results");
  return makeSite({
    folder,
    notebooks,
    results: report.load(results),
    live: report.loadLive(results),
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await command(main);
