import { report, studies } from "../lib/src/studies";

const rows = report.ratingReadings();
const row = (reading: string) => rows.find((each) => each.reading === reading)!;

test("every reading is held against the twelve published numbers", () => {
  for (const { numbers, within, known } of rows) {
    expect(numbers.map(({ published }) => published)).toEqual(
      [0.26, 0.3, 0.11, 0.1, 0.06, 0.07, 0.09, 0.08, 0.07, 0.06, 0.1, 0.09], // figure 12
    );
    expect(within).toBeLessThanOrEqual(known);
  }
});

test("by frequency, from a bag and with ninths not one of the twelve is given", () => {
  for (const reading of ["ids", "bag", "ids, ninths", "bag, ninths"]) {
    expect(row(reading)).toMatchObject({ within: 0, known: 12 });
  }
  // (10 / 9)² as much, as (r − 1) / 9 is 10 / 9 of r / 10 and a constant.
  const [plain, stretched] = ["bag", "bag, ninths"].map((name) => row(name).numbers[1].ours!);
  expect(stretched / plain).toBeCloseTo(100 / 81, 12);
});

test("first occurrences give one number of model D; rows in order give C and E, and one of D", () => {
  const near = (reading: string) =>
    row(reading)
      .numbers.filter(({ ours, published }) => ours !== null && report.isNear(ours, published))
      .map(({ letter, part }) => `${letter} ${part}`);
  expect(near("first seen")).toEqual(["D validation"]);
  expect(near("in order")).toEqual([
    "C training",
    "C validation",
    "D validation",
    "E training",
    "E validation",
  ]);
});

test("within .01 means that, on either side", () => {
  expect(report.isNear(0.09, 0.1)).toBe(true);
  expect(report.isNear(0.11, 0.1)).toBe(true);
  expect(report.isNear(0.0899, 0.1)).toBe(false);
});

const bags = report.besideBags();

test("each score names models that its study has", () => {
  for (const { study, bag, own, asPublished } of bags) {
    const { models } = studies.find(({ id }) => id === study)!;
    for (const score of [bag, own, asPublished]) {
      if (score) expect(models).toContain(score.model);
    }
  }
});

test("the bag is ahead of our reader of words and pairs on 25,000 reviews of other films", () => {
  const { bag, own, ahead } = bags.find(({ what }) => what.startsWith("25,000"))!;
  expect(ahead).toBe("bag");
  expect(bag!.mean - own!.mean).toBeGreaterThan(0.01);
  expect(own!.seeds).toBe(3);
});

test("who is ahead by less than matters is not ahead, and without a run nobody is", () => {
  const { bag, own, ahead } = bags.find(({ what }) => what === "accuracy, first 200 words")!;
  expect(Math.abs(bag!.mean - own!.mean)).toBeLessThan(0.01);
  expect(ahead).toBe("neither");
  for (const row of bags) expect(row.ahead === null).toBe(row.bag === null || row.own === null);
});

test("each score has a bag to be held against, and the two as one where they were stacked", () => {
  for (const { bag, own } of bags) expect([bag, own]).not.toContain(null);
  const { bag, both } = bags.find(({ what }) => what.startsWith("25,000"))!;
  expect(both!.seeds).toBe(3);
  expect(both!.mean).toBeGreaterThan(bag!.mean);
});

test("of study 2 the published sizes alone count as published", () => {
  const { asPublished } = bags.find(({ what }) => what === "weighted F1")!;
  expect(asPublished!.seeds).toBe(5);
});
