import { displayBundle } from "./display";

/**
 * Says of a reader's answer to an exercise whether it is right: "Not yet tried." while there is none,
 * "Right." where `check` has nothing to say, else the hint that it gives.
 *
 * @param answer `undefined` until the reader has filled it in
 * @param check a hint of what is wrong with an answer, or `undefined` if it is right
 */
export function checkAnswer<Answer>(
  answer: Answer | undefined,
  check: (answer: Answer) => string | undefined,
): void {
  const said = answer === undefined ? "Not yet tried." : (check(answer) ?? "Right.");
  displayBundle({ "text/plain": said });
}
