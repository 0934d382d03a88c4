// The site's pages about the library: what the package `starlit` exports, by room, from its doc
// comments. They need no network: typedoc puts its style, script and search index beside them.
import fs from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { makeWhole } from "../lib/src/files/whole.cjs";
import { policyTag } from "./notebooks/policy.mjs";
import { inRoot, logs } from "./setup/paths.mjs";
import { fingerprint, SetupError } from "./setup/run.mjs";

const rooms = [
  "data",
  "text",
  "engine",
  "layers",
  "models",
  "training",
  "metrics",
  "plots",
  "reviews",
  "studies",
];

/** @type {Partial<import("typedoc").TypeDocOptions>} */
const options = {
  name: "starlit",
  tsconfig: inRoot("lib/tsconfig.json"),
  readme: "none",
  // Flat: an export's page is api/NAME.html, and the way back is the same from all of them.
  router: "structure",
  navigationLinks: { "All studies": "../index.html" },
  categorizeByGroup: false,
  categoryOrder: rooms,
  sort: ["kind", "alphabetical"],
  kindSortOrder: ["Function", "Class", "Variable", "Interface", "TypeAlias"],
  useFirstParagraphOfCommentAsSummary: true,
  navigation: { includeCategories: true, includeGroups: false },
  excludeExternals: true,
  excludePrivate: true,
  // Where a thing is defined is told as a path, see below; the address of the clone stays out.
  disableGit: true,
  sourceLinkTemplate: "{path}",
  displayBasePath: inRoot(),
  // Set-up has checked the types.
  skipErrorChecking: true,
  validation: { invalidLink: true, invalidPath: true, notExported: true, notDocumented: false },
  // Tables whose keys are the names of models: the names are told, the tables are not.
  intentionallyNotExported: ["presets", "builders"],
  hideGenerator: true,
};

/**
 * Makes the pages in `folder`/api, or copies those made before where the library is still the same.
 *
 * @param {string} folder the site
 * @returns {Promise<string>} the first of the pages, as an address within the site
 */
export async function makeApi(folder) {
  const pages = await pagesOfThisLibrary();
  const target = path.join(folder, "api");
  fs.rmSync(target, { recursive: true, force: true });
  fs.cpSync(pages, target, { recursive: true });
  return "api/index.html";
}

/** The folder with the pages; its name tells what they were made from. */
async function pagesOfThisLibrary() {
  const sources = fs
    .readdirSync(inRoot("lib/src"), { recursive: true })
    .map((name) => inRoot("lib/src", String(name)))
    .filter((file) => file.endsWith(".ts"))
    .sort();
  const own = ["scripts/api.mjs", "scripts/notebooks/policy.mjs", "package-lock.json"].map((name) =>
    inRoot(name),
  );
  const print = fingerprint(sources, [...sources, ...own]);
  const folder = path.join(logs, `api-${print}`);
  if (fs.existsSync(folder)) return folder;
  for (const name of fs.readdirSync(logs).filter((name) => /^api-[0-9a-f]+$/.test(name))) {
    fs.rmSync(path.join(logs, name), { recursive: true, force: true });
  }
  await makeWhole(folder, async (part) => {
    for (const warning of await describeLibrary(part)) console.log(`  api: ${warning}`);
  });
  return folder;
}

/**
 * Writes the pages to `output`, anew.
 *
 * @param {string} output a folder
 * @param {string[]} [entryPoints] the files whose exports are told
 * @returns {Promise<string[]>} what typedoc warns of, as links that lead nowhere
 */
export async function describeLibrary(output, entryPoints = [inRoot("lib/src/index.ts")]) {
  const warnings = [];
  try {
    const typedoc = await import("typedoc");
    const { Application, Logger, LogLevel } = typedoc;
    class Listener extends Logger {
      /** @override */
      log(message, level) {
        if (level === LogLevel.Error) throw new Error(message);
        if (level === LogLevel.Warn) warnings.push(message);
      }
    }
    const app = await Application.bootstrap({ ...options, entryPoints });
    app.logger = new Listener();
    groupByRoom(app.converter, typedoc);
    tellPaths(app.converter, typedoc);
    finishPages(app.renderer, typedoc);
    const project = await app.convert();
    if (!project) throw new Error("the library has type errors");
    app.validate(project);
    await app.generateDocs(project, output);
  } catch (error) {
    const reason = stripVTControlCharacters(error.message).split("\n")[0];
    throw new SetupError(`The pages about the library could not be made: ${reason}`);
  }
  return warnings.map((text) => stripVTControlCharacters(text).split("\n")[0]);
}

/** Gives each export the category of the folder that it is defined in. */
function groupByRoom(converter, { Comment, CommentTag, Converter }) {
  converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const exported of project.children ?? []) {
      const [source] = exported.sources ?? [];
      const room = rooms.find((name) => source?.fileName.startsWith(`lib/src/${name}/`));
      if (!room) continue;
      exported.comment ??= new Comment();
      exported.comment.blockTags.push(new CommentTag("@category", [{ kind: "text", text: room }]));
    }
  });
}

/** Sources are told, and lead nowhere: the site may lie far from the clone. */
function tellPaths(converter, { Converter }) {
  converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const { sources = [] } of Object.values(project.reflections)) {
      for (const source of sources) delete source.url;
    }
  });
}

/** The script that typedoc writes into its pages. */
const INLINE = /<body><script>(.*?)<\/script>/;

/**
 * Icons are taken from the page itself, where a script puts them: a browser refuses another local file.
 * Scripts and styles are those beside the page.
 */
function finishPages(renderer, { PageEvent }) {
  const beside = {
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "connect-src": "data:",
  };
  renderer.on(PageEvent.END, (page) => {
    const own = page.contents?.match(INLINE)?.[1];
    if (own === undefined) return;
    const policy = policyTag([own], beside).replace("script-src ", "script-src 'self' ");
    page.contents = page.contents
      .replace(/href="[^"#]*icons\.svg#/g, 'href="#')
      .replace('<meta charset="utf-8"/>', (charset) => charset + policy);
  });
}
