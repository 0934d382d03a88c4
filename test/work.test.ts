import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { execFileSync } from "node:child_process";
import { root } from "./kernel/kernel";

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-work-"))));
afterEach(() => fs.rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), text);
};
const read = (name: string) => fs.readFileSync(path.join(folder, name), "utf8");

/** Jest does not load ES modules: another Node calls it. */
function update(reset = "() => false"): { replaced: string[]; behind: string[] } {
  const code = `import { updateWork } from ${JSON.stringify(path.join(root, "scripts/work.mjs"))};
    console.log(JSON.stringify(updateWork({ from: "from", to: "to", reset: ${reset} })));`;
  const args = ["--input-type=module", "-e", code];
  return JSON.parse(
    execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" }),
  ) as ReturnType<typeof update>;
}

test("a copy is made, and follows its original while nobody has changed it", () => {
  write("from/a.ipynb", "one");
  write("from/lab/b.ipynb", "lab");
  expect(update()).toEqual({ replaced: [], behind: [] });
  expect([read("to/a.ipynb"), read("to/lab/b.ipynb")]).toEqual(["one", "lab"]);
  write("from/a.ipynb", "two");
  expect(update()).toEqual({ replaced: ["a.ipynb"], behind: [] });
  expect(read("to/a.ipynb")).toBe("two");
});

test("a changed copy stays; it is told once its original has moved on", () => {
  write("from/a.ipynb", "one");
  update();
  write("to/a.ipynb", "mine");
  expect(update()).toEqual({ replaced: [], behind: [] });
  write("from/a.ipynb", "two");
  expect(update()).toEqual({ replaced: [], behind: ["a.ipynb"] });
  expect(read("to/a.ipynb")).toBe("mine");
  expect(read("from/a.ipynb")).toBe("two");
});

test("a reset brings the published ones back, and keeps what was there", () => {
  write("from/a.ipynb", "one");
  write("from/b.ipynb", "b");
  update();
  write("to/a.ipynb", "mine");
  write("to/b.ipynb", "mine too");
  expect(update("(name) => name.includes('a')")).toEqual({ replaced: ["a.ipynb"], behind: [] });
  expect([read("to/a.ipynb"), read("to/b.ipynb")]).toEqual(["one", "mine too"]);
  expect(read("to/.before-reset/a.ipynb")).toBe("mine");
});
