import { twoProportionsTest } from "../lib/src/metrics";

// Values from scipy.stats.norm.sf, version 1.16, and the formula of the pooled z-test.
test("two proportions are compared as by statsmodels' proportions_ztest", () => {
  const first = twoProportionsTest({ count: 45, total: 100 }, { count: 60, total: 110 });
  expect(first.difference).toBeCloseTo(45 / 100 - 60 / 110, 12);
  expect(first.z).toBeCloseTo(-1.3816985594155142, 12);
  expect(first.pValue).toBeCloseTo(0.16706427691489423, 12);
  const second = twoProportionsTest({ count: 5, total: 83 }, { count: 12, total: 99 });
  expect(second.pValue).toBeCloseTo(0.15918129181156992, 12);
});

test("the p-value is right far out in the tail", () => {
  // z is exactly 10: 75 % against 25 % of 200 rows each.
  const { z, pValue } = twoProportionsTest({ count: 150, total: 200 }, { count: 50, total: 200 });
  expect(z).toBeCloseTo(10, 12);
  expect(pValue / 1.523970604832094e-23).toBeCloseTo(1, 9);
  const equal = twoProportionsTest({ count: 3, total: 6 }, { count: 4, total: 8 });
  expect(equal).toEqual({ difference: 0, z: 0, pValue: 1 });
});

test("what is no proportion is refused", () => {
  const some = { count: 1, total: 3 };
  expect(() => twoProportionsTest({ count: 4, total: 3 }, some)).toThrow("4 of 3 is no proportion");
  expect(() => twoProportionsTest({ count: 0, total: 3 }, { count: 0, total: 2 })).toThrow("alike");
});
