export type { NdArray } from "./arrays";
export { type DisplayData, type DisplayOptions, displayBundle, inNotebook } from "./display";
export { StarlitError } from "./errors";
export { type Profile, profile, projectRoot } from "./environment";
export { tf } from "./tensorflow";
