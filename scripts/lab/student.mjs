// `npm run lab:student`: makes the student's notebook from the source with the solutions.
import fs from "node:fs";
import { writeWhole } from "../../lib/src/files/whole.cjs";
import { command } from "../setup.mjs";
import { inRoot } from "../setup/paths.mjs";
import { notebookText, studentNotebook } from "./notebook.cjs";

const from = "notebooks/05-lab.ipynb";
const to = "notebooks/lab/sentiment-lab.ipynb";

await command(async () => {
  const source = JSON.parse(fs.readFileSync(inRoot(from), "utf8"));
  writeWhole(inRoot(to), notebookText(studentNotebook(source)));
  console.log(`${to} is made from ${from}.`);
});
