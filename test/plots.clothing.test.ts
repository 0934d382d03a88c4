import { loadClothingReviews } from "../lib/src/data";
import { histograms } from "../lib/src/plots";

test("the histograms by rating hold the counts, means and quartiles that pandas gives", async () => {
  const reviews = (await loadClothingReviews()).filter(({ text }) => text !== "");
  const groups = [1, 2, 3, 4, 5].map((star) => ({
    name: `${star}`,
    values: reviews.filter(({ rating }) => rating === star).map(({ text }) => text.length),
  }));
  const figure = histograms([{ name: "as written", groups }], {
    title: "Every rating has a peak at 500 characters",
    value: "characters",
  });
  const panels = figure["concat"] as {
    layer: { data: { values: Record<string, number | string>[] } }[];
  }[];
  // df.groupby("Rating").length.describe() of pandas 3.1 on the same file.
  expect(
    panels.map(({ layer: [bars, lines] }) => [
      bars!.data.values.reduce((sum, bar) => sum + (bar["count"] as number), 0),
      ...lines!.data.values.map((line) => line["at"]),
    ]),
  ).toEqual([
    [821, 304.14, 192, 292, 436],
    [1549, 318.61, 201, 315, 459],
    [2823, 327.43, 210.5, 329, 483.5],
    [4908, 322.42, 200, 323, 491.25],
    [12540, 298.17, 173, 285, 441],
  ]);
  expect(JSON.stringify(figure).length).toBeLessThan(30_000);
});
