import { Random } from "../lib/src/engine";
import { clothing } from "../lib/src/studies";
import { hyperParametersOf } from "../lib/src/studies/clothing/search";
import { drawPoints } from "../lib/src/training/space";
import { freshData } from "./support";

freshData();

test("the published spaces have as many points as the document's lists make", () => {
  const count = (model: (typeof clothing.networks)[number]) =>
    Object.values(clothing.searchSpace(model)).reduce(
      (product, dimension) => product * dimension.count,
      1,
    );
  expect(count("lstm-2")).toBe(5 ** 2 * 5 ** 3 * 4);
  expect(count("gru-1")).toBe(7 * 5 ** 2 * 4);
  expect(count("gru-2")).toBe(4 ** 2 * 5 ** 3 * 4);
  // The document counts 4·4·5·5·4 = 1,600 here, as if there were two layers of units and dropout.
  expect(count("gru-4")).toBe(4 ** 4 * 5 ** 5 * 4);
  expect(count("gru-4") / clothing.published.search.writeUp.points["gru-4"]).toBe(2000);
});

test.each(clothing.networks)(
  "points of %s are hyper-parameters like the published best",
  (model) => {
    const { hyperParameters } = clothing.published.models[model];
    const { units, dropout, learningRate } = clothing.published.search;
    for (const point of drawPoints(clothing.searchSpace(model), 20, new Random(1))) {
      const drawn = hyperParametersOf(point);
      expect(drawn.units).toHaveLength(hyperParameters.units.length);
      expect(drawn.dropout).toHaveLength(hyperParameters.dropout.length);
      for (const width of drawn.units) expect(units[model]).toContain(width);
      for (const rate of drawn.dropout) expect(dropout).toContain(rate);
      expect(learningRate).toContain(drawn.learningRate);
    }
    for (const width of hyperParameters.units) expect(units[model]).toContain(width);
  },
);

test("a quick search: each trial three epochs, judged by its best; again it is only loaded", async () => {
  const log = jest.spyOn(console, "log").mockImplementation(() => {});
  const options = { profile: "quick", seed: 6 } as const;
  const trials = await clothing.search("gru-2", options);
  expect(trials).toHaveLength(4);
  for (const { run, score, point } of trials) {
    expect(run!.study).toBe("clothing/search");
    expect(run!.history.valRocAuc).toHaveLength(3);
    expect(score).toBe(Math.max(...run!.history.valRocAuc));
    expect(run!.hyperParameters).toMatchObject({ ...hyperParametersOf(point), epochs: 3 });
  }
  expect(trials.map(({ score }) => score)).toEqual(
    trials.map(({ score }) => score).sort((a, b) => b - a),
  );
  const again = await clothing.search("gru-2", options);
  expect(again).toEqual(trials);
  expect(await clothing.storedTrials("gru-2", options)).toEqual(trials);
  expect(await clothing.storedTrials("gru-1", options)).toEqual([]);
  // The document's objective, the training AUC, ranks the same runs in another way.
  const published = await clothing.search("gru-2", { ...options, objective: "auc" });
  expect(published.map(({ run }) => run!.finished).sort()).toEqual(
    trials.map(({ run }) => run!.finished).sort(),
  );
  log.mockRestore();
});
