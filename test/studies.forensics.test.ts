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
  const lstm1 = rows.find(({ what }) => what === "Model C: best validation error")!;
  // A constant errs by .122; counts of words by less than half of that.
  expect(lstm1.plain).toBeGreaterThan(0.122);
  expect(lstm1.reading).toBeLessThan(0.061);
  expect(lstm1.seeds).toBe(3);
});
