// `npm start [-- --no-browser ...]`: set-up if needed, then JupyterLab on working copies of the
// notebooks, with the TypeScript kernel. Other options go to JupyterLab. Ctrl-C ends it, kernels included.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { jupyterEnvironment } from "./notebooks/jupyter.mjs";
import { command, setup } from "./setup.mjs";
import { logs, root, venv } from "./setup/paths.mjs";
import { committedNotebooks, library } from "./site.mjs";
import { updateWork, work } from "./work.mjs";

const asRoot = process.getuid?.() === 0; // as in a container
const first = path.join(work, path.basename(committedNotebooks()[0] ?? ""));
// Where the language server sees the notebooks as files, from which `starlit` is found.
const virtual = path.join(logs, "virtual");

const defaults = [
  `--ServerApp.root_dir=${root}`,
  `--LabApp.default_url=/lab/tree/${path.relative(root, first)}`,
  "--LabApp.news_url=None",
  "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
  `--LanguageServerManager.virtual_documents_dir=${virtual}`,
  "--ServerApp.answer_yes=True",
  "--log-level=WARN",
  ...(asRoot ? ["--allow-root"] : []),
];

/** By the full protocol where the data are at hand; else by the quick profile, which other data can feed. */
function chooseProfile() {
  const { sourceStatus } = library();
  const isHere = ({ place }) => ["cache", "shipped", "mirror"].includes(place);
  // Films' titles are no part of a training.
  const missing = sourceStatus().filter((each) => each.id !== "imdb-titles" && !isHere(each));
  if (missing.length === 0) return "full";
  const titles = missing.map(({ title }) => title).join(", ");
  console.log(
    `The notebooks open in the quick profile, for not all data are here (${titles}): ` +
      "npm run reproduce fetches what can be had.",
  );
  return "quick";
}

await command(async () => {
  await setup();
  fs.mkdirSync(virtual, { recursive: true }); // the language server fails without it
  const { behind } = updateWork();
  if (behind.length > 0)
    console.log(
      `Your copies of ${behind.join(", ")} are older than the published ones: npm run notebooks:reset takes those.`,
    );
  const profile = process.env.STARLIT_PROFILE || chooseProfile();
  // JupyterLab refuses an option that is given twice.
  const given = process.argv.slice(2);
  const nameOf = (option) => option.split("=")[0];
  const names = new Set(given.map(nameOf));
  const options = [...defaults.filter((option) => !names.has(nameOf(option))), ...given];
  const lab = spawn(path.join(venv, "bin", "jupyter"), ["lab", ...options], {
    cwd: root,
    env: { ...process.env, ...jupyterEnvironment, STARLIT_PROFILE: profile },
    stdio: "inherit",
  });
  // Ctrl-C reaches JupyterLab as well: this command waits until it has ended its kernels.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => lab.kill("SIGTERM"));
  process.exitCode = await new Promise((resolve) => lab.on("close", resolve));
});
