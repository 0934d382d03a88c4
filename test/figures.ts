import * as fs from "node:fs";
import * as path from "node:path";
import Ajv from "ajv";
import { type Figure, toPng, toSvg } from "../lib/src/plots";

const folder = path.join(__dirname, "golden", "plots");
const number = /-?\d+(?:\.\d+)?(?:e-?\d+)?/g;

/**
 * Compares an SVG with the committed one: the same elements, words and colours, and every number
 * within half a pixel, so that another machine's last decimals do not matter. `UPDATE_PICTURES=1`
 * writes the committed picture anew; look at it before committing.
 */
function expectPicture(name: string, svg: string): void {
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

const validate = new Ajv({ strict: false, validateFormats: false }).compile(
  require("vega-lite/build/vega-lite-schema.json") as object,
);

/** What holds of every figure: valid, stored as JSON, told in words, drawn as its committed picture. */
export function describeFigures(figures: Record<string, Figure>): void {
  describe.each(Object.entries(figures))("the figure of %s", (name, figure) => {
    test("is valid against the Vega-Lite schema and small", () => {
      validate(figure);
      expect(validate.errors).toBeNull();
      expect(JSON.stringify(figure).length).toBeLessThan(100_000);
    });

    test("survives JSON, so that it can be stored in a notebook", () => {
      expect(JSON.parse(JSON.stringify(figure))).toEqual(figure);
    });

    test("describes its finding in words", () => {
      const { text } = figure.title as { text: string[] };
      expect(figure.description.startsWith(text.join(" "))).toBe(true);
      expect(figure.description.length).toBeGreaterThan(text.join(" ").length + 20);
    });

    test("is drawn without a warning, as the committed picture", async () => {
      const warn = jest.spyOn(console, "warn");
      const svg = await toSvg(figure);
      expect(warn).not.toHaveBeenCalled();
      warn.mockRestore();
      expectPicture(name, svg);
    });

    test("becomes a PNG twice as fine as the page", async () => {
      const { png, width, height } = await toPng(figure);
      expect(png.subarray(1, 4).toString()).toBe("PNG");
      expect(png.readUInt32BE(16)).toBe(2 * width);
      expect(Math.abs(png.readUInt32BE(20) - 2 * height)).toBeLessThanOrEqual(1);
      expect(png.length).toBeGreaterThan(4_000);
    });
  });
}
