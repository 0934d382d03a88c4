import { report, studies } from "../lib/src/studies";
import type { Run } from "../lib/src/training";

const runs = (values: number[]) =>
  values.map(
    (accuracy) => ({ metrics: { accuracy }, profile: "full", standIn: false }) as unknown as Run,
  );

const row = (changes: Partial<report.Row>): report.Row => ({
  ...report.row("accuracy", 0.856, {
    runs: runs([0.84, 0.85, 0.86]),
    metric: "accuracy",
    kind: "share",
  }),
  ...changes,
});

// scipy.special.expit(scipy.stats.t.interval(0.95, 2, m, s * (4 / 3) ** 0.5)) of the log-odds.
test("the interval of one more training is SciPy's, of the log-odds of a share", () => {
  const [low, high] = report.nextTraining(row({}))!;
  expect(low).toBeCloseTo(0.7934466, 6);
  expect(high).toBeCloseTo(0.8934287, 6);
});

test("one training has no interval", () => {
  const one = { runs: runs([0.85]), metric: "accuracy", kind: "share" } as const;
  expect(report.nextTraining(report.row("accuracy", 0.856, one))).toBeNull();
});

test("a number beside a published one is not judged without its kind", () => {
  expect(() => report.row("F1", 0.5, { runs: runs([0.5]), metric: "accuracy" })).toThrow(
    'The result "F1" is judged by its kind: give kind "share", "loss", "squaredError".',
  );
});

const near = [0.8495, 0.85, 0.8505];
test.each<[report.Verdict, Partial<report.Row>]>([
  // 90 % of the mean: .850 ± .00084; the margin is .01, half of the last digit .00005.
  ["reproduced", { values: near, published: 0.8505 }],
  ["reproduced", { values: near, published: 0.8591 }],
  ["reproduced", { values: near, published: 0.8409 }],
  // Further off than the margin, and outside of .8475 to .8525.
  ["not reproduced", { values: near, published: 0.8605 }],
  // The mean of these is .85 ± .0084: no margin of .01 can be shown above .8516. One more: .823 to .874.
  ["within the spread", { values: [0.845, 0.85, 0.855] }],
  ["within the spread", { values: [0.845, 0.85, 0.855], published: 0.83 }],
  ["not reproduced", { values: [0.845, 0.85, 0.855], published: 0.81 }],
  // Twice as far apart: .793 to .894 is ten margins wide.
  ["seeds differ too much", {}],
  ["seeds differ too much", { published: 0.8 }],
  ["not reproduced", { published: 0.78 }],
  ["not reproduced", { published: 0.91 }],
  // Study 4's RNN on tweets: .743 ± .060, and one more in .37 to .94, would "hold" a published .4417.
  ["seeds differ too much", { values: [0.7304, 0.6899, 0.8076], published: 0.4417 }],
  // As wide in squared errors: .0001 ± .0001, one more up to .159.
  ["seeds differ too much", { kind: "squaredError", values: [1e-4, 1e-5, 2e-4], published: 0.06 }],
  // The study's table says 0.10: 0.095 to 0.105, and a margin of .005 beyond.
  ["not reproduced", { kind: "squaredError", published: 0.1, values: [0.1246, 0.1251, 0.1256] }],
  ["reproduced", { kind: "squaredError", published: 0.1, values: [0.1065, 0.107, 0.1075] }],
  ["not reproduced", { kind: "squaredError", published: 0.1, values: [0.1115, 0.112, 0.1125] }],
  ["one run", { seeds: 1, values: undefined }],
  ["not comparable", { profile: "quick" }],
  ["not comparable", { standIn: true }],
  ["not published", { published: null }],
  ["equal", { seeds: 0, values: undefined, published: 308.687911, ours: 308.6879113 }],
  ["equal", { seeds: 0, values: undefined, published: 272, ours: 272.46 }],
  ["not equal", { seeds: 0, values: undefined, published: 22641, ours: 22642 }],
])("%s", (expected, changes) => {
  expect(report.verdict(row(changes))).toBe(expected);
});

test("a published number counts once, where the best of its readings stands", () => {
  const what = "Model A: best validation error";
  const rows = [
    row({ what, reading: "ids", published: 0.3, values: [0.18, 0.19, 0.2] }),
    row({ what, reading: "bag", published: 0.3, values: [0.298, 0.3, 0.302] }),
    row({ what: "size", seeds: 0 }),
    row({ what: "wide", published: 0.8 }),
    row({ what: "ours alone", published: null }),
  ];
  const numbers = report.publishedNumbers([{ study: "rating", rows }]);
  const ofStudy = numbers.filter(({ study }) => study === "rating");
  const clues = report.allClues.filter(({ study }) => study === "rating");
  expect(ofStudy.filter((number) => number.what === what)).toEqual([
    { study: "rating", what, published: 0.3, standing: "reproduced" },
  ]);
  expect(ofStudy.find((number) => number.what === "wide")?.standing).toBe("seeds differ too much");
  expect(new Set(ofStudy.map((number) => number.what))).toEqual(
    new Set([what, "wide", ...clues.map((clue) => clue.what)]),
  );
});

test("the costs come from the stored runs", () => {
  const clothing = report.costs().find(({ study }) => study === "clothing")!;
  expect(clothing.runs).toBeGreaterThanOrEqual(35);
  expect(clothing.minutes / clothing.runs).toBeGreaterThan(0.1);
});

test.each(studies.map(({ id, models }) => [id, models] as const))(
  "%s: each model has one row of what touched its test data, and each row has models",
  (id, models) => {
    const rows = report.testDataUse.filter(({ study }) => study === id);
    const rowsOf = (model: string) => rows.filter(({ covers }) => covers.test(model));
    expect(models.filter((model) => rowsOf(model).length !== 1)).toEqual([]);
    expect(rows.filter(({ covers }) => !models.some((model) => covers.test(model)))).toEqual([]);
  },
);
