import { StarlitError } from "../lib/src/engine";
import {
  attentionMap,
  attentionOverEpochs,
  deletionCurves,
  type Figure,
  toSvg,
  weightByPosition,
} from "../lib/src/plots";
import { describeFigures } from "./figures";

const tokens = "a lacklustre effort , marred by a clichéd script .".split(" ");
const first = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
const last = [0.02, 0.5, 0.05, 0.01, 0.2, 0.01, 0.01, 0.15, 0.04, 0.01];

const figures: Record<string, Figure> = {
  attentionMap: attentionMap(
    [
      { title: "predicted negative", tokens, weights: last },
      { title: "predicted positive", tokens: ["fine", "\n"], weights: [0.8, 0.2, 0] },
    ],
    { title: "One word gets half of the attention", columns: 6 },
  ),
  attentionEpochs: attentionOverEpochs(tokens, [first, last], {
    title: "Attention begins even and finds a word",
    columns: 6,
  }),
  weightByPosition: weightByPosition(
    [
      { name: "lstm", mean: [0.1, 0.3, 0.2], deviation: [0.01, 0.05, 0.02] },
      { name: "constant", mean: [0.3, 0.3, 0.3] },
    ],
    { title: "Made-up weights", profile: "quick" },
  ),
  deletion: deletionCurves(
    [
      { words: "most attended", count: 1, change: 0.1, flipped: 0.08 },
      { words: "most attended", count: 5, change: 0.3, flipped: 0.25 },
      { words: "random", count: 1, change: 0.01, flipped: 0.005 },
      { words: "random", count: 5, change: 0.04, flipped: 0.03 },
    ],
    { title: "Attended words matter more" },
  ),
};

describeFigures(figures);

test("maps show each token once, in rows, and say which get most attention", async () => {
  const svg = await toSvg(figures.attentionMap);
  for (const token of ["lacklustre", "clichéd", "fine", "␣"]) expect(svg).toContain(`>${token}<`);
  expect(figures.attentionMap.description).toContain(
    'predicted negative: most attention on "lacklustre" 50.0 %, "marred" 20.0 %, "clichéd" 15.0 %.',
  );
});

test("the slider goes over all epochs; the picture shows the last", async () => {
  const [param] = figures.attentionEpochs.params as Record<string, unknown>[];
  expect(param).toMatchObject({ value: 2, bind: { input: "range", min: 1, max: 2, step: 1 } });
  const svg = await toSvg(figures.attentionEpochs);
  expect(svg.split(">lacklustre<")).toHaveLength(2);
});

test("what cannot be drawn is told", () => {
  expect(() => attentionMap([{ title: "x", tokens, weights: [1] }], { title: "x" })).toThrow(
    "10 tokens and 1 weights",
  );
  expect(() => attentionOverEpochs(tokens, [], { title: "x" })).toThrow(StarlitError);
  expect(() => weightByPosition([], { title: "x" })).toThrow(StarlitError);
  expect(() => deletionCurves([], { title: "x" })).toThrow(StarlitError);
});
