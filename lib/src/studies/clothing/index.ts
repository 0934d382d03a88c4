export {
  countStars,
  type Data,
  type DataOptions,
  type Part,
  prepare,
  stars,
  textOf,
  type Texts,
} from "./data";
export {
  build,
  gru1,
  gru2,
  gru4,
  type HyperParameters,
  lstm2,
  type Network,
  networks,
  type RecurrentClassifier,
} from "./networks";
export { publishedSettings, type Settings } from "./protocol";
export { published, type PublishedModel } from "./published";
export { type Model, models, run } from "./run";
export {
  meanOverRuns,
  meanProbabilities,
  predictedStars,
  publishedAuc,
  scores,
  testProbabilities,
  testStars,
} from "./scores";
export {
  hyperParametersOf,
  search,
  searchedSettings,
  searchObjective,
  type SearchOptions,
  type SearchSpace,
  searchSpace,
  storedTrials,
} from "./search";
export { soundSettings, type SoundSettings, type SoundVariant, soundVariants } from "./sound";
