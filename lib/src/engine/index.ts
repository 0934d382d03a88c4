export type { NdArray } from "./arrays";
export { StarlitError } from "./errors";
export { type Profile, profile, projectRoot } from "./environment";
export { tf } from "./tensorflow";
