// `node scripts/lab/submissions.mjs FOLDER`: the submissions in a folder as JSON, by a name that is plain,
// whatever the students call their files, and another for another content.
import { sha256 } from "../../lib/src/files/sum.cjs";
import { command } from "../setup.mjs";
import { namesByPlace, notebooksIn, readFile } from "./files.mjs";

await command(() => {
  const { files } = notebooksIn(process.argv[2]);
  const names = namesByPlace(files);
  /** What the file holds, or why it is not read. */
  const content = (file) => {
    try {
      return readFile(file, names);
    } catch ({ message }) {
      return message;
    }
  };
  const named = files.map((file) => [sha256(`${file}\0`, content(file)), file]);
  console.log(JSON.stringify(Object.fromEntries(named)));
});
