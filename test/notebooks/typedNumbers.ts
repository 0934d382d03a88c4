/**
 * Numbers in the prose of notebooks that no cell prints and no study published: by notebook the number
 * as it is written, and why it may stand there.
 */
export const allowed: Readonly<Record<string, Readonly<Record<string, string>>>> = {};
