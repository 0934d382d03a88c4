import { SingleBar } from "cli-progress";
import { inNotebook } from "../engine/display";

/** Tells the reader how far a transfer is. */
export interface TransferProgress {
  /** Counts `bytes` more. */
  advance(bytes: number): void;
  /** Ends the display; safe to call twice. */
  stop(): void;
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

/**
 * A bar in a terminal, one line elsewhere (log file, notebook); all on stdout, since a notebook
 * paints stderr as an error.
 *
 * @param bytes size of the whole, 0 if unknown
 */
export function transferProgress(label: string, bytes: number): TransferProgress {
  // In a notebook stdout is the cell's output, even where the server was started in a terminal.
  if (inNotebook() || !process.stdout.isTTY) {
    process.stdout.write(`${label}${bytes ? ` (${megabytes(bytes)} MB)` : ""}\n`);
    return { advance: () => undefined, stop: () => undefined };
  }
  const bar = new SingleBar({
    stream: process.stdout,
    format: `${label} {bar} {done} of {all} MB, {eta_formatted} left`,
    hideCursor: true,
  });
  const all = bytes ? megabytes(bytes) : "?";
  let done = 0;
  bar.start(bytes, 0, { done: "0.0", all });
  return {
    advance(more) {
      done += more;
      bar.update(done, { done: megabytes(done), all });
    },
    stop: () => bar.stop(),
  };
}
