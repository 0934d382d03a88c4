import { StarlitError } from "../engine/errors";
import { transferProgress } from "./progress";

/** The file is nowhere to be had: no network, or nobody serves it. Nothing was wrong with any file. */
export class UnreachableError extends StarlitError {
  override name = "UnreachableError";
}

/** Time for an answer to begin, and for the next bytes to come, in milliseconds. */
const ANSWER_MS = 8_000;
const SILENCE_MS = 30_000;

/**
 * The body of an http(s) address, piece by piece, with progress on stdout.
 *
 * @param bytes expected size, for the progress display; 0: as the server says
 * @throws UnreachableError if no answer begins in time, the answer is not 200, or it breaks off
 */
export async function* download(url: string, bytes: number): AsyncGenerator<Uint8Array> {
  const controller = new AbortController();
  let timer = setTimeout(() => controller.abort(), ANSWER_MS);
  try {
    const response = await fetch(url, {
      signal: controller.signal,
      // The bytes are wanted as they lie on the server: they are checked against a sum.
      headers: { "accept-encoding": "identity" },
    });
    if (!response.ok || !response.body) {
      throw new UnreachableError(`${url} answered ${response.status}`);
    }
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(), SILENCE_MS);
    const { host, pathname } = new URL(url);
    const size = bytes || Number(response.headers.get("content-length") ?? 0);
    const progress = transferProgress(`Fetching ${pathname.replace(/^.*\//, "")} from ${host}`, size);
    try {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        timer.refresh();
        progress.advance(chunk.length);
        yield chunk;
      }
    } finally {
      progress.stop();
    }
  } catch (error) {
    if (error instanceof StarlitError) throw error;
    throw new UnreachableError(`${url} did not answer (${reason(error, controller.signal)})`);
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

function reason(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "timed out";
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  return cause?.code ?? cause?.message ?? (error as Error).message;
}
