import { report } from "../lib/src/studies";
import type { Run } from "../lib/src/training";

const runs = (values: number[]) =>
  values.map(
    (accuracy) => ({ metrics: { accuracy }, profile: "full", standIn: false }) as unknown as Run,
  );

const row = (changes: Partial<report.Row>): report.Row => ({
  ...report.row("accuracy", 0.856, { runs: runs([0.84, 0.85, 0.86]), metric: "accuracy" }),
  ...changes,
});

// scipy.stats.t.interval(0.95, 2, loc=0.85, scale=0.01 * (4 / 3) ** 0.5)
test("the interval of one more training is SciPy's", () => {
  const [low, high] = report.predictionInterval(row({}))!;
  expect(low).toBeCloseTo(0.800317, 5);
  expect(high).toBeCloseTo(0.899683, 5);
});

test("one training has no interval", () => {
  expect(
    report.predictionInterval(
      report.row("accuracy", 0.856, { runs: runs([0.85]), metric: "accuracy" }),
    ),
  ).toBeNull();
});

test.each<[string, Partial<report.Row>]>([
  ["reproduced", {}],
  ["reproduced", { published: 0.8 }],
  // The study's table says 0.10: 0.095 to 0.105, and not 0.05 to 0.15.
  ["not reproduced", { published: 0.1, ours: 0.1251, sd: 0.0005 }],
  ["reproduced", { published: 0.1, ours: 0.107, sd: 0.0005 }],
  // Half of the interval is 0.149, more than a tenth of 0.85.
  ["seeds differ too much", { sd: 0.03, published: 0.95 }],
  ["not reproduced", { sd: 0.03, published: 0.65 }],
  ["not reproduced", { published: 0.79 }],
  ["not reproduced", { published: 0.91 }],
  ["one run", { seeds: 1, sd: undefined }],
  ["not comparable", { profile: "quick" }],
  ["not comparable", { standIn: true }],
  ["not published", { published: null }],
  ["equal", { seeds: 0, sd: undefined, published: 308.687911, ours: 308.6879113 }],
  ["equal", { seeds: 0, sd: undefined, published: 272, ours: 272.46 }],
  ["not equal", { seeds: 0, sd: undefined, published: 22641, ours: 22642 }],
])("%s", (expected, changes) => {
  expect(report.verdict(row(changes))).toBe(expected);
});

test("the costs come from the stored runs", () => {
  const clothing = report.costs().find(({ study }) => study === "clothing")!;
  expect(clothing.runs).toBeGreaterThanOrEqual(35);
  expect(clothing.minutes / clothing.runs).toBeGreaterThan(0.1);
});
