import { unescape } from "node:querystring";
import { StarlitError } from "../engine/errors";
import { transferProgress } from "./progress";

/** The file is nowhere to be had: no network, or nobody serves it. Nothing was wrong with any file. */
export class UnreachableError extends StarlitError {
  override name = "UnreachableError";
}

/** How long a server is waited for, times in milliseconds. */
const patience = {
  /** Until an answer begins. */
  answer: 8_000,
  /** In each such time so many bytes must come: 3 kB a second. */
  window: 30_000,
  windowBytes: 100_000,
  /** So often a server that is there but fails is asked, the pause doubling each time. */
  attempts: 4,
  pause: 500,
};

/** An attempt that failed for a reason that may pass. */
class Interrupted extends Error {}

/**
 * The body of an http(s) address, piece by piece, with progress on stdout. An answer that says that
 * the server is overloaded or broken, and one that breaks off, stalls or does not come in time, are
 * asked for again, from where it broke off if the server can do that.
 *
 * @param bytes expected size; 0: as the server says
 * @param limits for tests
 * @throws UnreachableError if nobody is there, the answer is not 200, or all attempts fail
 */
export async function* download(
  url: URL,
  bytes: number,
  limits: typeof patience = patience,
): AsyncGenerator<Uint8Array> {
  const transfer: Transfer = { url, bytes, limits, received: 0 };
  for (let attempt = 1; ; attempt++) {
    try {
      yield* attemptOf(transfer);
      return;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      const failed = `${shownUrl(url)} ${error.message}`;
      if (attempt === limits.attempts) {
        throw new UnreachableError(`${failed}, ${attempt} times in a row`);
      }
      const pause = limits.pause * 2 ** (attempt - 1);
      process.stdout.write(`${failed}; asking again in ${pause / 1000} s\n`);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Where a download stands. */
interface Transfer {
  url: URL;
  bytes: number;
  limits: typeof patience;
  /** Bytes that were passed on. */
  received: number;
  /** What tells the server's file from a later one of the same address. */
  version?: string;
}

async function* attemptOf(transfer: Transfer): AsyncGenerator<Uint8Array> {
  const { url, bytes, limits } = transfer;
  const controller = new AbortController();
  let timer = setTimeout(() => controller.abort("timed out"), limits.answer);
  try {
    const { status, headers, body } = await ask(transfer, controller.signal);
    clearTimeout(timer);
    if ([408, 425, 429].includes(status) || status >= 500) {
      throw new Interrupted(`answered ${status}`);
    }
    if (!body || (status !== 200 && status !== 206)) {
      throw new UnreachableError(`${shownUrl(url)} answered ${status}`);
    }
    // Bytes that were passed on already: a server that cannot go on in the middle sends all again.
    let known = transfer.received - (status === 206 ? startOf(headers) : 0);
    if (!(known >= 0)) throw new UnreachableError(`${shownUrl(url)} sent another part of the file`);
    transfer.version = headers.get("etag")?.replace(/^W\/.*/, "") || undefined;
    const size = bytes || Number(headers.get("content-length") ?? 0);
    const name = url.pathname.replace(/^.*\//, "");
    const progress = transferProgress(`Fetching ${name} from ${url.host}`, size);
    let inWindow = 0;
    timer = setInterval(() => {
      if (inWindow < limits.windowBytes) controller.abort("too slow");
      inWindow = 0;
    }, limits.window);
    try {
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
        inWindow += chunk.length;
        progress.advance(chunk.length);
        const fresh = chunk.subarray(Math.min(known, chunk.length));
        known -= chunk.length - fresh.length;
        transfer.received += fresh.length;
        if (fresh.length > 0) yield fresh;
      }
    } finally {
      progress.stop();
    }
    if (transfer.received < bytes) throw new Interrupted("broke off");
  } catch (error) {
    if (error instanceof StarlitError || error instanceof Interrupted) throw error;
    throw explained(error, transfer, controller.signal);
  } finally {
    clearInterval(timer);
    controller.abort();
  }
}

/** The first byte of a part, as its server numbers it; NaN if it does not say. */
function startOf(headers: Headers): number {
  return Number(/^bytes (\d+)-/.exec(headers.get("content-range") ?? "")?.[1]);
}

/** One request, from where the last one broke off. */
function ask({ url, received, version }: Transfer, signal: AbortSignal): Promise<Response> {
  // The bytes are wanted as they lie on the server: they are checked against a sum.
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (received > 0) headers.range = `bytes=${received}-`;
  if (received > 0 && version) headers["if-range"] = version;
  const address = new URL(url);
  if (url.username || url.password) {
    const account = `${unescape(url.username)}:${unescape(url.password)}`;
    headers.authorization = `Basic ${Buffer.from(account).toString("base64")}`;
    address.username = address.password = "";
  }
  return fetch(address.href, { signal, headers });
}

/** Reasons that may pass: a connection that is gone or stays silent, names that cannot be asked for now. */
const passing =
  /^(UND_ERR_(SOCKET|CONNECT_TIMEOUT|HEADERS_TIMEOUT|BODY_TIMEOUT)|ECONNRESET|ETIMEDOUT|EPIPE|EAI_AGAIN)$/;

/** What went wrong while asking or reading: given up, or worth another attempt. */
function explained(error: unknown, { url, received }: Transfer, signal: AbortSignal): Error {
  if (signal.aborted) {
    const isSlow = signal.reason === "too slow";
    return new Interrupted(
      isSlow ? "sends too slowly" : `did not answer (${String(signal.reason)})`,
    );
  }
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  const reason = cause?.code ?? cause?.message ?? (error as Error).message;
  if (received > 0) return new Interrupted(`broke off (${reason})`);
  if (passing.test(reason)) return new Interrupted(`did not answer (${reason})`);
  // Nobody is there.
  return new UnreachableError(`${shownUrl(url)} did not answer (${reason})`);
}

/** An address as it may be shown: without the account or the key that may stand in it. */
export function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
