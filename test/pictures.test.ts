import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

const root = path.join(__dirname, "..");
const folder = path.join(root, "notebooks/pictures");
const program = `import("./scripts/pictures/pictures.mjs").then(({ files }) =>
  process.stdout.write(JSON.stringify(files())))`;
const drawn: [name: string, svg: string][] = JSON.parse(
  execFileSync(process.execPath, ["-e", program], { cwd: root, encoding: "utf8" }),
);

test("the pictures beside the notebooks are those that their code draws", () => {
  expect(drawn.map(([name]) => name).sort()).toEqual(fs.readdirSync(folder).sort());
  for (const [name, svg] of drawn) {
    expect(fs.readFileSync(path.join(folder, name), "utf8")).toBe(svg);
  }
});

test.each(drawn)("%s has a title and a description, and no word outside of its card", (_, svg) => {
  expect(svg).toMatch(/<title>.{5,}<\/title>\n<desc>.{40,}<\/desc>/);
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number);
  for (const [, x, y] of svg.matchAll(/<text x="([-\d.]+)" y="([-\d.]+)"/g)) {
    expect(Number(x)).toBeGreaterThan(0);
    expect(Number(x)).toBeLessThan(width);
    expect(Number(y)).toBeGreaterThan(10);
    expect(Number(y)).toBeLessThan(height);
  }
});
