export { lengthHistogram } from "./figures";
export {
  checkAccuracy,
  checkDistances,
  checkExtension,
  checkModel,
  checkPadding,
} from "./judge/check";
export { linearAccuracy } from "./linear";
export { attentionModel, gruModel, lstmModel, meanModel, type Sizes } from "./networks";
export { published } from "./published";
export { results } from "./results";
export {
  examples,
  load,
  type Model,
  models,
  nearestRows,
  run,
  settings,
  sharedNeighbours,
} from "./run";
