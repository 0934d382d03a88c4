import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { golden } from "./support";

// Small trainings of the five studies, as fixtures/numerics.cjs prints them: a change of the code
// that moves a number is seen here, and not in runs that are stored already.

interface Training {
  loss: number[];
  valLoss: number[];
  /** SHA-256 of the trained weights and of what the model says of the validation rows. */
  hash: string;
}

interface Report {
  /** `NUMERICS_VERSION` of the code that trained. */
  version: number;
  machine: Record<string, string | number>;
  trainings: Record<string, Training>;
}

const expected = golden<Report>("numerics");
let found: Report;

function trainAll(): Report {
  const script = path.join(__dirname, "fixtures/numerics.cjs");
  const cache = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-"));
  const { stdout, stderr, status } = spawnSync(process.execPath, [script], {
    encoding: "utf8",
    env: { ...process.env, STARLIT_DATA: cache },
  });
  fs.rmSync(cache, { recursive: true });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Report;
}

beforeAll(() => {
  found = trainAll();
  const same = JSON.stringify(found.machine) === JSON.stringify(expected.machine);
  if (!same) {
    console.warn(
      `The golden numbers were computed on ${JSON.stringify(expected.machine)}, these on ` +
        `${JSON.stringify(found.machine)}: last digits may differ, so losses are compared to 1e-4.`,
    );
  }
});

/**
 * How far losses may lie from the golden ones on another processor. Seven normalizations in a row
 * make of a difference in the last digit one in the third.
 */
const tolerance = (name: string) => (name === "rating mlp" ? 2e-2 : 1e-4);

/** Throws what to do where a number is another one. */
function compare(name: string): void {
  const [ours, theirs] = [found.trainings[name], expected.trainings[name]];
  const exact = JSON.stringify(found.machine) === JSON.stringify(expected.machine);
  const close = (curve: "loss" | "valLoss") =>
    ours[curve].length === theirs[curve].length &&
    ours[curve].every((v, i) => Math.abs(v / theirs[curve][i] - 1) <= tolerance(name));
  const same = exact
    ? JSON.stringify(ours) === JSON.stringify(theirs)
    : close("loss") && close("valLoss");
  if (same) return;
  throw new Error(
    `${name}: its numbers moved. Either mend the change that moved them, or, where they must move, ` +
      `raise NUMERICS_VERSION, make the golden values anew (node test/fixtures/numerics.cjs > ` +
      `test/golden/numerics.json) and train the stored runs again.\n` +
      `expected ${JSON.stringify(theirs)}\n   found ${JSON.stringify(ours)}`,
  );
}

test("each study is among the small trainings", () => {
  expect(Object.keys(found.trainings)).toEqual(Object.keys(expected.trainings));
  const studies = Object.keys(expected.trainings).map((name) => name.split(" ")[0]);
  expect(new Set(studies)).toEqual(
    new Set(["clothing", "rating", "simplified-attention", "attention", "lab"]),
  );
});

test("the golden values are of this version of the numerics", () => {
  expect(expected.version).toBe(found.version);
});

describe("losses and weights, exact to the bit on the processor of the golden values, else losses to four digits", () => {
  test.each(Object.keys(expected.trainings))("%s", compare);
});
