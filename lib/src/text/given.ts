import { StarlitError } from "../engine/errors";

/**
 * @throws StarlitError if what was given for a text is none, such as the `null` of a row without one
 */
export function checkText(name: string, text: unknown): asserts text is string {
  if (typeof text === "string") return;
  const given = typeof text === "object" && text !== null ? "an object" : String(text);
  throw new StarlitError(
    `${name} takes texts, and got ${given}: leave such rows out, or give "" for them.`,
  );
}
