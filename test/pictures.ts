import * as fs from "node:fs";
import * as path from "node:path";

const folder = path.join(__dirname, "golden", "plots");
const number = /-?\d+(?:\.\d+)?(?:e-?\d+)?/g;

/**
 * Compares an SVG with the committed one: the same elements, words and colours, and every number
 * within half a pixel, so that another machine's last decimals do not matter. `UPDATE_PICTURES=1`
 * writes the committed picture anew; look at it before committing.
 */
export function expectPicture(name: string, svg: string): void {
  const file = path.join(folder, `${name}.svg`);
  if (process.env.UPDATE_PICTURES === "1") fs.writeFileSync(file, `${svg}\n`);
  if (!fs.existsSync(file)) {
    throw new Error(`${file} is missing: run this test with UPDATE_PICTURES=1 and look at it.`);
  }
  const golden = fs.readFileSync(file, "utf8").trimEnd();
  const skeleton = (text: string) => text.replace(number, "#").replace(/></g, ">\n<");
  expect(skeleton(svg)).toBe(skeleton(golden));
  const numbers = (text: string) => (text.match(number) ?? []).map(Number);
  const expected = numbers(golden);
  const far = numbers(svg).filter(
    (value, index) => Math.abs(value - (expected[index] ?? NaN)) > 0.5,
  );
  expect(far).toEqual([]);
}
