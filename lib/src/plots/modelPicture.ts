import type { layers, LayersModel } from "@tensorflow/tfjs";
import { StarlitError } from "../engine";
import { type Caption, type Figure, figure, palette, roles } from "./theme";

/** A layer of a model's graph, and where it is drawn. */
export interface GraphNode {
  name: string;
  /** Shape of the output; `B` stands for the reviews of a batch. */
  shape: string;
  parameters: number;
  /** Steps from the input. */
  depth: number;
  /** 0, or 1 for a layer that another connection passes by; more where several are equally deep. */
  lane: number;
}

/** A model as a graph: what `tf.model` was told by applying layers to one another. */
export interface ModelGraph {
  nodes: GraphNode[];
  /** Pairs of places in `nodes`. */
  edges: [from: number, to: number][];
}

const names: Record<string, string> = {
  InputLayer: "input",
  EmbeddingTable: "embedding",
  MeanOverTime: "meanOverTime",
  Lstm: "lstm",
  Gru: "gru",
  AttentionWeights: "attentionWeights",
  WeightedSum: "weightedSum",
  Dense: "dense",
  Concatenate: "concatenate",
  FastDropout: "dropout",
  WordDropout: "wordDropout",
  WordPairs: "wordPairs",
};

function shapeOf(layer: layers.Layer): string {
  const [, ...rest] = layer.outputShape as (number | null)[];
  return `(${["B", ...rest.map((size) => size ?? "T")].join(", ")})`;
}

/** The graph of a model with one output, input first. */
export function modelGraph(model: LayersModel): ModelGraph {
  const nodes: GraphNode[] = [];
  const edges: [number, number][] = [];
  const places = new Map<layers.Layer, number>();
  const visit = (layer: layers.Layer): number => {
    const known = places.get(layer);
    if (known !== undefined) return known;
    const before = (layer.inboundNodes[0]?.inboundLayers ?? []).map(visit);
    const depth = Math.max(-1, ...before.map((place) => nodes[place].depth)) + 1;
    const name = names[layer.getClassName()] ?? layer.getClassName();
    const parameters = layer.countParams();
    const place = nodes.push({ name, shape: shapeOf(layer), parameters, depth, lane: 0 }) - 1;
    places.set(layer, place);
    edges.push(...before.map((from): [number, number] => [from, place]));
    return place;
  };
  if (model.outputs.length !== 1) throw new StarlitError("Only a model with one output is drawn.");
  visit(model.outputs[0].sourceLayer);
  for (const [from, to] of edges) {
    const passed = nodes.filter(
      ({ depth }) => nodes[from].depth < depth && depth < nodes[to].depth,
    );
    for (const node of passed) node.lane = 1;
  }
  spread(nodes, edges);
  return { nodes, edges };
}

/** Gives layers of the same depth lanes of their own, near the layer that each follows. */
function spread(nodes: GraphNode[], edges: ModelGraph["edges"]): void {
  const deepest = Math.max(...nodes.map(({ depth }) => depth));
  for (let depth = 0; depth <= deepest; depth++) {
    const taken = new Set<number>();
    nodes.forEach((node, place) => {
      if (node.depth !== depth) return;
      const before = edges.filter(([, to]) => to === place).map(([from]) => nodes[from].lane);
      if (taken.has(node.lane)) node.lane = Math.max(node.lane, ...before);
      while (taken.has(node.lane)) node.lane++;
      taken.add(node.lane);
    });
  }
}

const WIDTH = 0.88;
const HEIGHT = 0.62;

/** A picture of a model: a box a layer with the shape that leaves it, an arrow a connection. */
export function modelPicture(model: LayersModel, caption: Caption): Figure {
  const { nodes, edges } = modelGraph(model);
  const count = (value: number) => value.toLocaleString("en");
  const boxes = nodes.map(({ name, shape, parameters, depth, lane }) => ({
    name,
    shape,
    left: depth - WIDTH / 2,
    right: depth + WIDTH / 2,
    top: -lane - HEIGHT / 2,
    bottom: -lane + HEIGHT / 2,
    x: depth,
    y: 0 - lane,
    weights: parameters === 0 ? "no weights" : `${count(parameters)} weights`,
  }));
  const arrows = edges.map(([from, to]) => {
    const side = Math.sign(boxes[to].y - boxes[from].y);
    return {
      x: boxes[from].right,
      x2: boxes[to].left - 0.02,
      y: boxes[from].y + side * 0.2,
      y2: boxes[to].y - side * 0.2,
      angle: 90 - side * 70,
    };
  });
  const last = Math.max(...nodes.map(({ depth }) => depth));
  const lanes = Math.max(...nodes.map(({ lane }) => lane));
  const scale = (low: number, high: number) => ({ domain: [low, high], nice: false, zero: false });
  const x = { type: "quantitative", scale: scale(-0.5, last + 0.5), axis: null };
  const y = { type: "quantitative", scale: scale(-lanes - 0.5, 0.5), axis: null };
  const text = (field: string, dy: number, fontWeight: string, fontSize: number) => ({
    data: { values: boxes },
    mark: { type: "text", dy, fontSize, fontWeight, color: palette.black },
    encoding: { x: { ...x, field: "x" }, y: { ...y, field: "y" }, text: { field } },
  });
  const summary = boxes
    .map(({ name, shape, weights }) => `${name} ${shape}, ${weights}`)
    .join("; ");
  return figure(caption, `Layers: ${summary}. In all ${count(model.countParams())} weights.`, {
    // With its margins at most 900, as wide as a page.
    width: Math.min(130 * (last + 1), 880),
    height: 100 * (lanes + 1),
    layer: [
      {
        data: { values: arrows },
        mark: { type: "rule", color: roles.reference, strokeWidth: 1.5 },
        encoding: {
          x: { ...x, field: "x" },
          y: { ...y, field: "y" },
          x2: { field: "x2" },
          y2: { field: "y2" },
        },
      },
      {
        data: { values: arrows },
        mark: { type: "point", shape: "triangle", filled: true, size: 60, opacity: 1 },
        encoding: {
          x: { ...x, field: "x2" },
          y: { ...y, field: "y2" },
          angle: { field: "angle", type: "quantitative", scale: null },
          color: { value: roles.reference },
        },
      },
      {
        data: { values: boxes },
        mark: { type: "rect", cornerRadius: 6, fill: "#eaf3f9", stroke: palette.blue },
        encoding: {
          x: { ...x, field: "left" },
          x2: { field: "right" },
          y: { ...y, field: "top" },
          y2: { field: "bottom" },
        },
      },
      text("name", -16, "bold", 11),
      text("shape", 1, "normal", 11),
      text("weights", 17, "normal", 10),
    ],
  });
}
