/**
 * An error that a reader can mend: one clear sentence that names the thing and says what to do.
 * Commands print its message without a stack trace and exit with 1.
 */
export class StarlitError extends Error {
  override name = "StarlitError";
}
