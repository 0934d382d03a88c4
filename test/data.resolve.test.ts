import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import { type AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { catalogue, type SourceFile, type SourceInfo } from "../lib/src/data/catalogue";
import { UnreachableError } from "../lib/src/data/download";
import { resolveFile } from "../lib/src/data/resolve";
import { StarlitError } from "../lib/src/engine/errors";

const content = Buffer.from("id\ttext\n1\tfine\n");
const sum = createHash("sha256").update(content).digest("hex");
const environment = { ...process.env };
let folder: string;
let cache: string;
let mirror: string;
let output: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-"));
  cache = path.join(folder, "cache");
  mirror = path.join(folder, "mirror");
  fs.mkdirSync(mirror);
  process.env.STARLIT_DATA = cache;
  process.env.STARLIT_MIRROR = mirror;
  output = "";
  jest.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    output += String(chunk);
    return true;
  });
  jest.spyOn(process.stderr, "write");
});

afterEach(() => {
  expect(process.stderr.write).not.toHaveBeenCalled();
  jest.restoreAllMocks();
  process.env = { ...environment };
  fs.rmSync(folder, { recursive: true });
});

function source(url?: string): SourceFile {
  return {
    name: "notes",
    copies: [{ file: "sub/notes.tsv", bytes: content.length, sha256: sum, url }],
  };
}

const info: SourceInfo = { ...catalogue.tweets, title: "Notes", page: "https://example.org/notes" };

/** What lies below the cache, so that a half-written file would show. */
function cached(): string[] {
  if (!fs.existsSync(cache)) return [];
  const all = fs.readdirSync(cache, { recursive: true, withFileTypes: true });
  return all.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
}

function inMirror(bytes: Buffer): void {
  fs.mkdirSync(path.join(mirror, "sub"));
  fs.writeFileSync(path.join(mirror, "sub/notes.tsv"), bytes);
}

async function failure(file: SourceFile): Promise<StarlitError> {
  const error: unknown = await resolveFile(file, info).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StarlitError);
  expect((error as StarlitError).message.split("\n")).toHaveLength(1);
  return error as StarlitError;
}

async function serving<T>(
  handler: http.RequestListener,
  body: (url: string) => Promise<T>,
): Promise<T> {
  const server = http.createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test("a file of the mirror's folder is copied to the cache, then found there", async () => {
  inMirror(content);
  const file = await resolveFile(source(), info);
  expect(file).toBe(path.join(cache, "sub/notes.tsv"));
  expect(fs.readFileSync(file)).toEqual(content);
  process.env.STARLIT_MIRROR = path.join(folder, "gone");
  expect(await resolveFile(source(), info)).toBe(file);
  expect(cached()).toEqual(["notes.tsv"]);
});

test("a mirror's address serves the file below it, with one line on stdout", async () => {
  const asked: (string | undefined)[] = [];
  await serving(
    (request, response) => {
      asked.push(request.url);
      response.end(content);
    },
    async (url) => {
      process.env.STARLIT_MIRROR = `${url}/data/`;
      expect(fs.readFileSync(await resolveFile(source(), info))).toEqual(content);
    },
  );
  expect(asked).toEqual(["/data/sub/notes.tsv"]);
  expect(output).toMatch(/^Fetching notes\.tsv from 127\.0\.0\.1:\d+ \(0\.0 MB\)\n$/);
});

test("the publisher is asked when the mirror lacks the file", async () => {
  await serving(
    (_, response) => response.end(content),
    async (url) => {
      const file = await resolveFile(source(`${url}/notes.tsv`), info);
      expect(fs.readFileSync(file)).toEqual(content);
    },
  );
});

test("a wrong checksum names the file and what to do, and leaves nothing", async () => {
  inMirror(Buffer.from(content.toString().replace("fine", "bad!")));
  const { message } = await failure(source());
  expect(message).toContain(path.join(mirror, "sub/notes.tsv"));
  expect(message).toContain(`has the wrong checksum`);
  expect(message).toContain(`expected ${sum}`);
  expect(message).toMatch(/: replace it in the mirror, or unset STARLIT_MIRROR\.$/);
  expect(cached()).toEqual([]);
});

test("a wrong checksum in the cache asks to delete the file, and does not do so itself", async () => {
  fs.mkdirSync(path.join(cache, "sub"), { recursive: true });
  fs.writeFileSync(path.join(cache, "sub/notes.tsv"), Buffer.alloc(content.length));
  expect((await failure(source())).message).toMatch(
    /wrong checksum .*: delete it and run again\.$/,
  );
  expect(cached()).toEqual(["notes.tsv"]);
});

test("a truncated file says how much is there", async () => {
  inMirror(content.subarray(0, 5));
  expect((await failure(source())).message).toMatch(
    /is truncated or altered \(5 bytes instead of 15\)/,
  );
  expect(cached()).toEqual([]);
});

test("any copy of the same name will do, and no other", async () => {
  inMirror(content);
  const [copy] = source().copies;
  const other = { ...copy, bytes: 3, sha256: sum.replace(/./g, "0") };
  const file: SourceFile = { name: "notes", copies: [other, copy] };
  expect(fs.readFileSync(await resolveFile(file, info))).toEqual(content);
  fs.rmSync(cache, { recursive: true });
  const wrongSum = { ...copy, sha256: other.sha256 };
  expect((await failure({ name: "notes", copies: [other, wrongSum] })).message).toContain(
    "checksum",
  );
});

test("a mirror's folder that does not exist is named", async () => {
  process.env.STARLIT_MIRROR = path.join(folder, "gone");
  const { message } = await failure(source());
  expect(message).toContain(`${folder}/gone, which does not exist: correct it or unset it.`);
});

test("a cache that cannot be made is named", async () => {
  inMirror(content);
  fs.writeFileSync(cache, "a file where a folder should be");
  const { message } = await failure(source());
  expect(message).toMatch(
    /^.*cache\/sub\/notes\.tsv could not be written \(ENOTDIR\): make its folder writable, or/,
  );
});

test("a read-only data folder is named", async () => {
  inMirror(content);
  // Nobody, root included, can make a folder there.
  process.env.STARLIT_DATA = "/sys/starlit";
  const { message } = await failure(source());
  expect(message).toMatch(/^\/sys\/starlit\/sub\/notes\.tsv could not be written \(E\w+\): make/);
});

test("a full disk is said to be full", async () => {
  inMirror(content);
  // Whatever is written to /dev/full fails as on a full disk.
  const real = jest.requireActual<typeof fs>("node:fs");
  const open = real.openSync.bind(real);
  jest.spyOn(real, "openSync").mockImplementation((file, flags, mode) => {
    return String(file).endsWith(".part") ? open("/dev/full", "w") : open(file, flags, mode);
  });
  const { message } = await failure(source());
  expect(message).toMatch(
    /notes\.tsv could not be written \(ENOSPC\): the disk is full, make room, or/,
  );
  expect(cached()).toEqual([]);
});

test("what a killed process left is removed, what a living one writes is not", async () => {
  inMirror(content);
  fs.mkdirSync(path.join(cache, "sub"), { recursive: true });
  const old = path.join(cache, "sub/other.gz.1.part");
  fs.writeFileSync(old, "");
  fs.utimesSync(old, new Date(2020, 0), new Date(2020, 0));
  fs.writeFileSync(path.join(cache, "sub/other.gz.2.part"), "");
  await resolveFile(source(), info);
  expect(cached().sort()).toEqual(["notes.tsv", "other.gz.2.part"]);
});

test("nowhere to be had: every place is named, with the page to get it from", async () => {
  await serving(
    (_, response) => response.writeHead(404).end(),
    async (url) => {
      process.env.STARLIT_MIRROR = url;
      const error = await failure(source("http://127.0.0.1:1/notes.tsv"));
      expect(error).toBeInstanceOf(UnreachableError);
      expect(error.message).toContain(`not in ${cache}; ${url}/sub/notes.tsv answered 404`);
      expect(error.message).toContain("http://127.0.0.1:1/notes.tsv did not answer (");
      expect(error.message).toContain("get it from https://example.org/notes");
    },
  );
  expect(cached()).toEqual([]);
});

test("a connection that breaks off leaves nothing", async () => {
  await serving(
    (_, response) => {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 4), () => response.destroy());
    },
    async (url) => {
      const error = await failure(source(`${url}/notes.tsv`));
      expect(error).toBeInstanceOf(UnreachableError);
    },
  );
  expect(cached()).toEqual([]);
});
