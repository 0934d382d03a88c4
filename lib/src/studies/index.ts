export * as attention from "./attention";
export * as clothing from "./clothing";
export * as lab from "./lab";
export * as rating from "./rating";
export * as report from "./report";
export * as simplifiedAttention from "./simplifiedAttention";
export type { RunOptions } from "./experiment/settings";
export { findStudy, studies, type Study } from "./registry";
