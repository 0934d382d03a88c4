import { checkOptions } from "./options";

/**
 * A value's own look: a method of this name returns its representations by MIME type, which the
 * kernel shows where the value is the last line of a cell. Deno's kernel looks for the same name.
 */
export const DISPLAY: unique symbol = Symbol.for("Jupyter.display") as never;

/** Representations of one output by MIME type; the reader's viewer picks the richest it knows. */
export type DisplayData = Record<string, unknown>;

/**
 * Where a display goes: `id` names it, `update` replaces the display of that name in place;
 * `metadata` says how to show it, by MIME type, e.g. `{"image/png": {width, height}}` in pixels.
 */
export interface DisplayOptions {
  id?: string;
  update?: boolean;
  metadata?: Record<string, unknown>;
}

interface DisplayMessage {
  data: DisplayData;
  metadata: Record<string, unknown>;
  transient: { display_id?: string };
}

interface KernelModule {
  lastWriteDisplayData: ((message: DisplayMessage, update: boolean) => void) | null;
}

let kernelModule: KernelModule | undefined;

/**
 * The kernel's own copy of `tslab/dist/jupyter`, which is in the module cache only inside a kernel.
 * Not `require`: outside a kernel that would load ZeroMQ for nothing, and beside a global tslab it
 * would find another copy, to which nobody listens.
 */
function kernel(): KernelModule | undefined {
  if (kernelModule) return kernelModule;
  const file = Object.keys(require.cache).find((name) =>
    /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(name),
  );
  kernelModule = file ? (require.cache[file]?.exports as KernelModule) : undefined;
  return kernelModule;
}

/** Whether this code runs in a cell of a notebook, so that displays reach a reader. */
export function inNotebook(): boolean {
  return Boolean(kernel()?.lastWriteDisplayData);
}

/** What stands for the cell that runs now, another for every cell; `null` outside a notebook. */
export function currentCell(): object | null {
  return kernel()?.lastWriteDisplayData ?? null;
}

/**
 * Shows one output in several representations, e.g. `{"text/html": …, "text/plain": …}`. Outside a
 * notebook the `text/plain` one is written to stdout.
 *
 * @param data representations by MIME type; PNG as base64 text
 */
export function displayBundle(data: DisplayData, options: DisplayOptions = {}): void {
  checkOptions("displayBundle", options, ["id", "update", "metadata"]);
  // Read at call time: tslab replaces the writer for every cell.
  const write = kernel()?.lastWriteDisplayData;
  if (!write) {
    process.stdout.write(`${String(data["text/plain"] ?? "")}\n`);
    return;
  }
  const transient = options.id === undefined ? {} : { display_id: options.id };
  write({ data, metadata: options.metadata ?? {}, transient }, options.update ?? false);
}
