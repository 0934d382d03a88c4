// `npm run lab:student`: makes the student's notebook from the source with the solutions.
import fs from "node:fs";
import { command } from "../setup.mjs";
import { inRoot } from "../setup/paths.mjs";
import { notebookText, studentNotebook } from "./notebook.cjs";

const from = "notebooks/05-lab.ipynb";
const to = "notebooks/lab/sentiment-lab.ipynb";

await command(async () => {
  const source = JSON.parse(fs.readFileSync(inRoot(from), "utf8"));
  fs.writeFileSync(inRoot(`${to}.part`), notebookText(studentNotebook(source)));
  fs.renameSync(inRoot(`${to}.part`), inRoot(to));
  console.log(`${to} is made from ${from}.`);
});
