import type { RatedReview } from "../lib/src/data";
import { checkAnswer } from "../lib/src/engine";
import { rating } from "../lib/src/studies";
import { listRuns, packArray, type Run } from "../lib/src/training";

/** The stored runs of the full profile, by model. */
function stored(...models: string[]): Map<string, Run[]> {
  const all = listRuns("rating").filter(({ profile }) => profile === "full");
  const bySeed = (a: Run, b: Run) => a.seed - b.seed;
  return new Map(
    models.map((name) => [name, all.filter(({ model }) => model === name).sort(bySeed)]),
  );
}

describe("the rows of the notebook's tables", () => {
  test("figure 12 has the published errors, and mean ± sd of the stored ones", () => {
    const [ids, bag] = rating.lowestErrors(stored("lstm-2-ids", "lstm-2-bag"), ["ids", "bag"]);
    expect(ids).toMatchObject({ model: "D LSTM-2", reading: "ids", "published: validation": 0.08 });
    expect(ids["lowest validation"]).toBe("0.125 ± 0.000");
    expect(bag["lowest validation"]).toBe("0.045 ± 0.001");
    expect(rating.lowestErrors(new Map(), ["ids"])).toEqual([]);
  });

  test("the late change is the last fifth less the fourth, the wiggle a mean step", () => {
    const rising = Array.from({ length: 10 }, (_, i) => i + 1);
    expect(rating.lateChange(rising)).toBe(9.5 - 7.5);
    expect(rating.wiggle(rising)).toBe(1);
    expect(rating.wiggle([3, 1, 3])).toBe(2);
    expect([rating.lateChange([5]), rating.wiggle([5])]).toEqual([0, 0]);
  });

  test("the facts of a curve are those of the stored histories", () => {
    const [row] = rating.curveFacts(stored("lstm-2-ids"));
    expect(row).toMatchObject({
      "lowest validation": "0.125",
      "in epoch": "5, 3, 4",
      "last validation": "0.195",
      "epochs with validation below training": "1, 1, 1",
    });
    expect(row["late change, validation"]).toMatch(/^\+0\.00[5-7]/);
  });

  test("the training error after an epoch is the watched validation error", () => {
    const runs = stored("rnn-bag-watched", "rnn-bag");
    const [watched] = runs.get("rnn-bag-watched")!;
    const [plain] = runs.get("rnn-bag")!;
    const rows = rating.whenMeasured(watched, plain, [1, 15, 1000]);
    expect(rows.map(({ epoch }) => epoch)).toEqual([1, 15]);
    expect(rows[0]).toMatchObject({
      "training, while learning": "0.109",
      "training, after the epoch": "0.040",
      validation: "0.046",
    });
  });

  test("a network that stays at the constant errs the same way on both sides", () => {
    const [row] = rating.errorsBySide(stored("cnn-lstm-bag"), "bag");
    expect(row["negative: mean error"]).toBe("3.32");
    expect(row["positive: mean error"]).toBe("-3.26");
  });

  test("scores of our networks, as shares and in points", () => {
    const [row] = rating.soundScores(stored("pairs"), ["pairs"]);
    expect(row["squared error"]).toBe("3.409 ± 0.030");
    expect(row["right side of 5.5"]).toBe("90.2 ± 0.2 %");
    const [number] = stored("attention-number").get("attention-number")!;
    expect(rating.classScores(number)).toMatchObject({
      exact: "25.1 %",
      "inside the 80 % interval": "–",
    });
  });

  test("predictions of several runs are averaged review by review", () => {
    const run = (values: number[]) => {
      const test = packArray({ data: Float32Array.from(values), shape: [values.length] });
      return { predictions: { test, classes: test } } as unknown as Run;
    };
    expect(rating.predictedRatings([run([1, 10]), run([3, 8])])).toEqual([2, 9]);
    expect(rating.predictedClasses(run([1, 10]))).toEqual([1, 10]);
  });

  test("the results have each published error once a reading, and what the document says otherwise", () => {
    const readings = ["ids", "bag"];
    const names = rating.published.models.flatMap(({ family }) =>
      readings.map((reading) => `${family}-${reading}`),
    );
    const sound = stored("logistic", "pairs");
    const truth = rating.predictedRatings(sound.get("pairs")!);
    const rows = rating.results({
      vectors: stored(...names),
      readings,
      sound,
      averaged: ["pairs"],
      truth,
    });
    expect(rows.filter(({ published }) => published !== null)).toHaveLength(24);
    expect(rows.find(({ what }) => what === "Model C: best validation error")).toMatchObject({
      published: 0.07,
      reading: "ids",
      seeds: 3,
      note: "the text says 0.06",
    });
    expect(rows.at(-1)).toMatchObject({
      what: "In points, test folder: pairs, mean of 3",
      ours: 0,
      seeds: 3,
    });
  });
});

test("the layers of the published models, in the document's order", () => {
  const sizes = (family: Parameters<typeof rating.build>[0]) => {
    const model = rating.build(family);
    const said = rating.layerSizes(model);
    model.dispose();
    return said;
  };
  expect(sizes("mlp")).toBe("dense 2048, 1024*, 1024*, 512*, 64*, 12*, 12*, 1*");
  expect(sizes("rnn")).toBe("rnn 1024, 512, 256; dense 12, 1");
  expect(sizes("lstm-2")).toBe("lstm 128, 128; dense 64, 12, 1");
  expect(sizes("cnn-lstm")).toBe("convolution 8, 12; dense 2470; lstm 128, 128; dense 64, 12, 1");
  expect(sizes("gru-2")).toBe("gru 256, 256; dense 200*, 64*, 12*, 12, 10*, 5*, 5*, 1");
});

describe("films", () => {
  const review = (titleId: string, score: number, split: "train" | "test") =>
    ({ titleId, rating: score, split }) as RatedReview;

  test("the share of the variance between films, and those in both folders", () => {
    const two = [
      review("a", 1, "train"),
      review("a", 3, "test"),
      review("b", 8, "test"),
      review("b", 10, "test"),
    ];
    // Within films (2 + 2) / 2; of all reviews 53 / 3.
    const shares = rating.filmShares(two);
    expect(shares.inBothFolders).toBe(1);
    expect(shares.betweenFilms).toBeCloseTo(1 - 2 / (53 / 3), 12);
  });

  test("a constant gets the variance of the ratings", () => {
    expect(rating.constantError([1, 1, 10, 10])).toBe(20.25);
  });

  test("known values of each side", () => {
    const rows = [
      { label: 0, startYear: 1999 },
      { label: 1, startYear: null },
      { label: 1, startYear: 2001 },
    ] as RatedReview[];
    expect(rating.bySide(rows, "startYear")).toEqual([
      { name: "negative", values: [1999] },
      { name: "positive", values: [2001] },
    ]);
  });
});

test("the check of an exercise says whether there is an answer, and whether it is right", () => {
  const said: string[] = [];
  const write = jest.spyOn(process.stdout, "write").mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
  const check = (answer: number | undefined) =>
    checkAnswer<number>(answer, (value) => (value === 4 ? undefined : "Two and two?"));
  for (const answer of [undefined, 4, 5]) check(answer);
  write.mockRestore();
  expect(said).toEqual(["Not yet tried.\n", "Right.\n", "Two and two?\n"]);
});
