import { meanAndSd, summarize } from "../lib/src/metrics";

// numpy.mean, numpy.std with ddof=1 and numpy.percentile of these numbers.
const values = [2, 4, 4, 4, 5, 5, 7, 9];

test("mean, standard deviation of a sample, and quartiles are NumPy's", () => {
  const { mean, std, q25, median, q75 } = summarize(values);
  expect([mean, q25, median, q75]).toEqual([5, 4, 4.5, 5.5]);
  expect(std).toBeCloseTo(2.138089935299395, 12);
});

test("as a table has them; one number has no spread", () => {
  expect(meanAndSd(values)).toBe("5.000 ± 2.138");
  expect(meanAndSd(values, 1)).toBe("5.0 ± 2.1");
  expect(meanAndSd([0.5964])).toBe("0.596");
});
