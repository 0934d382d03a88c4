// `node scripts/lab/submissions.mjs FOLDER`: the submissions in a folder as JSON, for those who grade
// each by itself.
import { command } from "../setup.mjs";
import { notebooksIn } from "./files.mjs";

await command(() => console.log(JSON.stringify(notebooksIn(process.argv[2]).files)));
