import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const root = path.join(__dirname, "..");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-prose-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

function prose(name: string, text: string, ...options: string[]) {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  const args = [path.join(root, "scripts/prose.mjs"), ...options, file];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: root });
  return { status, lines: stdout.trim().split("\n") };
}

test("a misspelling, a word twice, a wrong article and a long sentence are told with their place", () => {
  const long = `It ${"goes on and ".repeat(20)}ends.`;
  const text = `# Title\n\nThe netwrok reads.\n\nIt reads the the text in a hour.\n\n${long}\n`;
  const { status, lines } = prose("faults.md", text, "--check");
  expect(status).toBe(1);
  expect(lines.at(-1)).toBe("1 texts, 4 complaints");
  const told = lines.join("\n");
  expect(told).toContain('faults.md:3: unknown word "netwrok"');
  expect(told).toMatch(/faults.md:5: .*the/);
  expect(told).toMatch(/faults.md:5: .*expected `an`/);
  expect(told).toContain("faults.md:7: A sentence has 62 words");
});

test("code, formulas and addresses are no prose; of a notebook the cell is told", () => {
  const clean =
    "Call `fitt(xx)` or $\\hatt{y}$ at [the site](https://exmple.org/qwzx).\n\n```\nqwzx\n```\n";
  expect(prose("clean.md", clean, "--check")).toMatchObject({ status: 0 });
  const cells = [
    { cell_type: "markdown", id: "intro", source: ["A wrod.\n"] },
    { cell_type: "code", id: "code", source: ["qwzx();"] },
  ];
  const { lines } = prose("book.ipynb", JSON.stringify({ cells }), "--check");
  expect(lines[0]).toContain('book.ipynb, cell intro: unknown word "wrod"');
});

test("Flesch's reading ease: 206.835 − 1.015 words a sentence − 84.6 syllables a word", () => {
  const { lines } = prose("cat.md", "The cat sat on the mat.\n");
  const row = lines.find((line) => line.includes("cat.md"));
  // Six words of one syllable each.
  expect(row).toContain(String(Number((206.835 - 1.015 * 6 - 84.6).toFixed(1))));
});
