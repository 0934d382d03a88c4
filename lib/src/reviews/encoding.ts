import * as fs from "node:fs";
import * as path from "node:path";
import { pipeline } from "node:stream";
import { TextDecoder } from "node:util";
import * as zlib from "node:zlib";
// chardet knows by their letters how bytes were written that are not UTF-8.
import * as chardet from "chardet";
import { StarlitError } from "../engine/errors";

/** A text, piece by piece, and how its bytes were read. */
export interface OpenText {
  /** Name of the encoding, e.g. "UTF-8" or "Windows-1252". */
  encoding: string;
  /** Whether it was neither named nor sure. */
  guessed: boolean;
  /** Bytes that are no character of the encoding; each is `�` in the text. */
  damaged: number;
  chunks: AsyncIterable<string>;
}

/** The first bytes tell what the whole is: so many are looked at. */
const HEAD = 1 << 16;

/** Files that hold no text, by their first bytes. */
const otherFiles: readonly [start: string, what: string][] = [
  ["PK\u0003\u0004", "an Excel workbook or another ZIP file: save the sheet as CSV, or unpack it"],
  ["\u00d0\u00cf\u0011\u00e0", "an old Excel workbook: save the sheet as CSV"],
  ["%PDF", "a PDF: give the table that it was made from"],
  ["PAR1", "a Parquet file: write it as CSV or as JSON lines"],
  ["SQLite format", "a database: write the table as CSV"],
  ["BZh", "compressed by bzip2: unpack it, or use gzip"],
  ["\u00fd7zXZ", "compressed by xz: unpack it, or use gzip"],
  ["\u0028\u00b5\u002f\u00fd", "compressed by zstd: unpack it, or use gzip"],
];

/** The bytes of a file, or of what is piped in (`-`), unpacked where they are gzip-compressed. */
async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  const raw = file === "-" ? process.stdin : fs.createReadStream(file, { highWaterMark: 1 << 20 });
  let first: Buffer | undefined;
  const rest = raw[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    // A pipe may bring its first bytes one by one.
    for (let next = await rest.next(); !next.done; next = await rest.next()) {
      first = first ? Buffer.concat([first, next.value]) : next.value;
      if (first.length >= 2) break;
    }
    if (!first) return;
    const all = async function* () {
      yield first!;
      for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
    };
    if (!(first[0] === 0x1f && first[1] === 0x8b)) return yield* all();
    // Errors come out of the unpacker as well.
    yield* pipeline(all, zlib.createGunzip(), () => undefined) as AsyncIterable<Buffer>;
  } catch (error) {
    throw readingError(file, error);
  }
}

function readingError(file: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (!code) return error;
  if (code.startsWith("Z_")) {
    return new StarlitError(
      `${file} is compressed by gzip and breaks off or is damaged (${message}): compress the table again.`,
    );
  }
  return new StarlitError(`${file} cannot be read (${code}): check that it is a readable file.`);
}

function checkFile(file: string): void {
  const there = fs.statSync(file, { throwIfNoEntry: false });
  if (!there) {
    const folder = path.dirname(path.resolve(file));
    throw new StarlitError(`There is no file ${path.basename(file)} in ${folder}: check the name.`);
  }
  if (there.isDirectory()) {
    throw new StarlitError(`${file} is a folder: name the file with the reviews.`);
  }
}

/** What TextDecoder calls an encoding, or an error that says what there is. */
function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch {
    throw new StarlitError(
      `There is no encoding "${encoding}": use utf-8, utf-16le, windows-1252 or another name of the WHATWG.`,
    );
  }
}

/** How encodings are written for a reader. */
function titleOf(encoding: string): string {
  if (/^(utf|iso|koi|gb|euc|ibm)/i.test(encoding)) return encoding.toUpperCase();
  return encoding.replace(/^./, (first) => first.toUpperCase());
}

/** The encoding that the first bytes give away: a mark of byte order, or the zeros of UTF-16. */
function encodingOfHead(head: Buffer): string | undefined {
  const starts = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);
  if (starts(0xef, 0xbb, 0xbf)) return "utf-8";
  if (starts(0xff, 0xfe)) return "utf-16le";
  if (starts(0xfe, 0xff)) return "utf-16be";
  const zeros = [0, 1].map((odd) => head.filter((byte, i) => byte === 0 && i % 2 === odd).length);
  const enough = head.length / 10;
  if (zeros[1] > enough && zeros[1] > 4 * zeros[0]) return "utf-16le";
  if (zeros[0] > enough && zeros[0] > 4 * zeros[1]) return "utf-16be";
  return undefined;
}

function checkIsText(file: string, head: Buffer): void {
  const start = head.toString("latin1", 0, 16);
  const other = otherFiles.find(([magic]) => start.startsWith(magic));
  if (other) throw new StarlitError(`${file} is ${other[1]}.`);
  // A few of these bytes are dirt in a text.
  const strange = head.filter((byte) => byte < 9 || (byte > 13 && byte < 27)).length;
  if (encodingOfHead(head) === undefined && strange > head.length / 50) {
    throw new StarlitError(`${file} holds bytes that are no text: give a CSV or JSON file.`);
  }
}

/** How often UTF-8 is right and wrong in a file. */
async function tryUtf8(chunks: AsyncIterable<Buffer>): Promise<{ right: number; wrong: number }> {
  const decoder = new TextDecoder();
  let [right, wrong] = [0, 0];
  const count = (text: string) => {
    wrong += text.split("\ufffd").length - 1;
    if (wrong > 0) right += text.match(/[\u0080-\ufffc]/g)?.length ?? 0;
  };
  for await (const chunk of chunks) count(decoder.decode(chunk, { stream: true }));
  count(decoder.decode());
  return { right, wrong };
}

/** The encoding of bytes that are not UTF-8: Windows-1252 unless the letters clearly say otherwise. */
function guessEncoding(head: Buffer): string {
  const western = "windows-1252";
  const found = chardet.analyse(head);
  const westerns = found.filter(({ name }) => /^(ISO-8859-1|windows-1252)$/.test(name));
  const sure = Math.max(0, ...westerns.map(({ confidence }) => confidence));
  const best = found.find(({ name }) => !/^(UTF|ASCII|ISO-8859-1$)/.test(name));
  if (!best || best.confidence < sure + 20) return western;
  return decoderOf(best.name).encoding;
}

async function headOf(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length >= HEAD) break;
  }
  return Buffer.concat(parts).subarray(0, HEAD);
}

/** From the first bytes that are not ASCII on: a head without one says nothing. */
async function tellingPart(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length && length < HEAD; at++) {
      if (chunk[at] < 0x80) continue;
      const part = chunk.subarray(Math.max(0, at - 20), at + 20);
      parts.push(part);
      length += part.length;
      at += 20;
    }
    if (length >= HEAD) break;
  }
  return Buffer.concat(parts);
}

async function* decoded(chunks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/**
 * Opens a file as text: UTF-8, UTF-16 and, where it is neither, what its letters look like, mostly
 * Windows-1252; gzip-compressed or not, whatever its name says.
 *
 * @param file its path, or "-" for what is piped in, which is taken as UTF-8 or UTF-16
 * @param encoding how it was written, if that is known: a name of the WHATWG's encoding standard
 * @throws StarlitError if it cannot be read or is no text
 */
export async function openText(file: string, encoding?: string): Promise<OpenText> {
  if (file === "-") return openPipe(encoding);
  checkFile(file);
  const head = await headOf(bytesOf(file));
  checkIsText(file, head);
  if (head.length === 0) throw new StarlitError(`${file} is empty: give a file with reviews.`);
  const open = (name: string, guessed: boolean, damaged: number): OpenText => ({
    encoding: titleOf(name),
    guessed,
    damaged,
    chunks: decoded(bytesOf(file), name),
  });
  if (encoding !== undefined) return open(decoderOf(encoding).encoding, false, 0);
  const told = encodingOfHead(head);
  if (told?.startsWith("utf-16")) return open(told, false, 0);
  const { right, wrong } = await tryUtf8(bytesOf(file));
  // A few broken characters among many whole ones are damage, not another encoding.
  if (wrong === 0 || told === "utf-8" || right > 4 * wrong) return open("utf-8", false, wrong);
  return open(guessEncoding(await tellingPart(bytesOf(file))), true, 0);
}

async function openPipe(encoding?: string): Promise<OpenText> {
  const chunks = bytesOf("-");
  const first = await chunks.next();
  const head = first.done ? Buffer.alloc(0) : first.value;
  checkIsText("What is piped in", head);
  const name = encoding === undefined ? undefined : decoderOf(encoding).encoding;
  const all = async function* () {
    yield head;
    yield* chunks;
  };
  const used = name ?? encodingOfHead(head) ?? "utf-8";
  return { encoding: titleOf(used), guessed: false, damaged: 0, chunks: decoded(all(), used) };
}
