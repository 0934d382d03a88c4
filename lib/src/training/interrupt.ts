/** The notebooks' kernel calls what stands here when its stop button is pressed. */
const HOOK = Symbol.for("kernel.onInterrupt");
const host = globalThis as { [HOOK]?: (() => void) | null };

// Bodies may be nested (a search that fits models) or run side by side: one interrupt stops them all.
const running = new Set<{ stopped: boolean }>();
let release: (() => void) | null = null;

/**
 * Runs a long loop that the reader can stop and still keep what it has: the notebook's stop button,
 * or Ctrl-C in a terminal, makes `shouldStop()` true; the loop then ends by itself and returns.
 * A second Ctrl-C, while the loop has not ended yet, kills the command (and in a notebook ends the
 * cell with an error).
 *
 * The loop must let the event loop turn (`await tf.nextFrame()`, `setImmediate`), or no signal arrives.
 *
 * @param body the loop; it asks `shouldStop()` wherever it may end
 * @returns what `body` returns; errors of `body` pass through
 */
export async function withInterrupt<T>(
  body: (shouldStop: () => boolean) => Promise<T>,
): Promise<T> {
  // Node's `vm` guards the synchronous part of a cell with signal handlers of its own: leave it first.
  await new Promise((resolve) => setImmediate(resolve));
  const run = { stopped: false };
  running.add(run);
  release ??= onFirstInterrupt(() => {
    for (const each of running) each.stopped = true;
  });
  try {
    return await body(() => run.stopped);
  } finally {
    running.delete(run);
    if (running.size === 0) {
      release();
      release = null;
    }
  }
}

/** Calls `stop` on the first interrupt; the next one does what it would have done without us. */
function onFirstInterrupt(stop: () => void): () => void {
  if (HOOK in host) {
    const clear = () => {
      host[HOOK] = null;
    };
    host[HOOK] = () => {
      clear();
      stop();
    };
    return clear;
  }
  // A kernel without the hook aborts its cell from a listener of its own, hence alone here.
  const others = process.rawListeners("SIGINT") as NodeJS.SignalsListener[];
  process.removeAllListeners("SIGINT");
  const restore = () => {
    process.removeListener("SIGINT", listener);
    for (const other of others.splice(0)) process.on("SIGINT", other);
  };
  const listener = () => {
    restore();
    stop();
  };
  process.on("SIGINT", listener);
  return restore;
}
