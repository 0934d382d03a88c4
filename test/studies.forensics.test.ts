import { report, studies } from "../lib/src/studies";

test("each clue names models that the study has, and a number that was published", () => {
  for (const { study, plain, reading, published, evidence } of report.allClues) {
    const { models } = studies.find(({ id }) => id === study)!;
    expect(models).toEqual(expect.arrayContaining([plain.model, reading.model]));
    expect(Number.isFinite(published)).toBe(true);
    expect(evidence).toMatch(/\.$/);
  }
});

test.each(report.allClues.map((clue) => [clue.what, clue] as const))(
  "%s: the finding is what the stored runs say",
  (_, clue) => {
    expect(report.findingOf(clue)).toBe(clue.finding);
  },
);

test("a number within the margin of the mean is given, one of a single training is luck", () => {
  const gru = report.allClues.find(({ what }) => what.startsWith("GRU-1"))!;
  expect(report.findingOf({ ...gru, published: 1.02 })).toBe("one training gives it");
  expect(report.findingOf({ ...gru, published: 0.5 })).toBe("does not give it");
  const { reading } = report.forensics().find(({ what }) => what === gru.what)!;
  expect(report.findingOf({ ...gru, published: reading! + 0.019 })).toBe("gives it");
});

test("the table has our numbers under both readings", () => {
  const rows = report.forensics();
  expect(rows).toHaveLength(report.allClues.length);
  const rnn = rows.find(({ what }) => what === "Tweets, RNN: test accuracy")!;
  // Who says neutral alone is right about 477 of 1,080; the plain reading reads the tweets.
  expect(rnn.reading).toBeCloseTo(477 / 1080, 6);
  expect(rnn.plain).toBeGreaterThan(0.6);
  expect(rnn.models).toEqual(["tweets-pooled-rnn-no-mask", "tweets-published-rnn"]);
});
