import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import { type AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { catalogue, type SourceFile } from "../lib/src/data/catalogue";
import { download, UnreachableError } from "../lib/src/data/download";
import { resolveFile } from "../lib/src/data/resolve";
import { StarlitError } from "../lib/src/engine/errors";
import { sha256 } from "../lib/src/files/sum.cjs";

const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * i) % 251));
const limits = { answer: 2000, window: 400, windowBytes: 10, attempts: 4, pause: 5 };
const environment = { ...process.env };
let folder: string;
let output: string;
/** What each request asked for. */
let asked: http.IncomingMessage[];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-"));
  process.env.STARLIT_DATA = path.join(folder, "cache");
  delete process.env.STARLIT_MIRROR;
  asked = [];
  output = "";
  jest.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    output += String(chunk);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...environment };
  fs.rmSync(folder, { recursive: true });
});

/** A server that answers the requests one after the other, the last answer for all that follow. */
async function serving<T>(
  answers: http.RequestListener[],
  body: (url: URL) => Promise<T>,
): Promise<T> {
  const server = http.createServer((request, response) => {
    asked.push(request);
    answers[Math.min(asked.length, answers.length) - 1](request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await body(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/a.bin`));
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const status =
  (code: number): http.RequestListener =>
  (_, response) =>
    response.writeHead(code).end();
const all: http.RequestListener = (_, response) => response.end(content);

/** Sends what was asked for and breaks the connection after so many bytes of it. */
const until =
  (bytes: number, { ranges = true, etag = '"1"' } = {}): http.RequestListener =>
  (request, response) => {
    const from = ranges ? Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0) : 0;
    const rest = content.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      etag,
      "content-length": rest.length,
      ...(from > 0 && { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` }),
    });
    if (bytes >= rest.length) response.end(rest);
    else response.write(rest.subarray(0, bytes), () => response.destroy());
  };

async function fetched(url: URL, bytes = content.length, bounds = limits): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of download(url, bytes, bounds)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test.each([500, 502, 503, 429, 408])("an answer of %i is asked for again", async (code) => {
  await serving([status(code), status(code), all], async (url) => {
    expect((await fetched(url)).equals(content)).toBe(true);
    expect(output).toContain(`${url.href} answered ${code}; asking again in 0.005 s\n`);
  });
  expect(asked).toHaveLength(3);
});

test.each([404, 403, 401])("an answer of %i is not", async (code) => {
  await serving([status(code)], async (url) => {
    await expect(fetched(url)).rejects.toThrow(UnreachableError);
  });
  expect(asked).toHaveLength(1);
});

test("a server that goes on failing is given up after four attempts", async () => {
  await serving([status(500)], async (url) => {
    await expect(fetched(url)).rejects.toThrow(UnreachableError);
    await expect(fetched(url)).rejects.toThrow(`${url.href} answered 500, 4 times in a row`);
  });
  expect(asked).toHaveLength(8);
});

test("a connection that breaks off goes on where it broke off", async () => {
  await serving([until(50_000), until(70_000), until(Infinity)], async (url) => {
    expect((await fetched(url)).equals(content)).toBe(true);
  });
  const ranges = asked.map(({ headers }) => [headers.range, headers["if-range"]]);
  expect(ranges).toEqual([
    [undefined, undefined],
    ["bytes=50000-", '"1"'],
    ["bytes=120000-", '"1"'],
  ]);
});

test("where the server cannot, all is sent again and no byte is taken twice", async () => {
  const whole = { ranges: false };
  await serving(
    [until(50_000, whole), until(30_000, whole), until(Infinity, whole)],
    async (url) => {
      expect((await fetched(url)).equals(content)).toBe(true);
    },
  );
  expect(asked).toHaveLength(3);
});

test("an answer that just ends too early counts as broken off", async () => {
  const short: http.RequestListener = (_, response) => {
    response.writeHead(200, { connection: "close" });
    response.end(content.subarray(0, 1000));
  };
  await serving([short, until(Infinity)], async (url) => {
    expect((await fetched(url)).equals(content)).toBe(true);
  });
  expect(asked[1].headers.range).toBe("bytes=1000-");
});

test("another part of the file than was asked for is refused", async () => {
  const other: http.RequestListener = (_, response) => {
    response.writeHead(206, { "content-range": "bytes 90000-199999/200000" });
    response.end(content.subarray(90_000));
  };
  await serving([until(50_000), other], async (url) => {
    await expect(fetched(url)).rejects.toThrow(`${url.href} sent another part of the file`);
  });
});

test("a connection that falls silent in the middle goes on where it stood", async () => {
  const stalling: http.RequestListener = (_, response) => {
    response.writeHead(200, { etag: '"1"', "content-length": content.length });
    response.write(content.subarray(0, 60_000));
  };
  await serving([stalling, until(Infinity)], async (url) => {
    expect((await fetched(url)).equals(content)).toBe(true);
    expect(output).toContain(`${url.href} sends too slowly; asking again in 0.005 s\n`);
  });
  expect(asked.map(({ headers }) => headers.range)).toEqual([undefined, "bytes=60000-"]);
});

test("a server that does not answer in time is asked again", async () => {
  await serving([() => undefined, all], async (url) => {
    expect((await fetched(url)).equals(content)).toBe(true);
    expect(output).toContain(`${url.href} did not answer (timed out); asking again`);
  });
});

test("a server that never answers is given up after four attempts", async () => {
  await serving([() => undefined], async (url) => {
    const error: unknown = await fetched(url, content.length, { ...limits, answer: 300 }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(UnreachableError);
    expect((error as Error).message).toBe(
      `${url.href} did not answer (timed out), 4 times in a row`,
    );
  });
  expect(asked).toHaveLength(4);
});

test.each([
  ["EAI_AGAIN", 4],
  ["ETIMEDOUT", 4],
  ["UND_ERR_CONNECT_TIMEOUT", 4],
  ["ECONNREFUSED", 1],
  ["ENOTFOUND", 1],
])("of an address that cannot be reached (%s) %i attempts are made", async (code, attempts) => {
  const failure = new TypeError("fetch failed", { cause: { code } });
  const fetch = jest.spyOn(globalThis, "fetch").mockRejectedValue(failure);
  const url = new URL("http://anna:s3cret@nowhere.example/a.bin");
  const error: unknown = await fetched(url).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UnreachableError);
  expect((error as Error).message).toBe(
    `http://nowhere.example/a.bin did not answer (${code})${attempts > 1 ? ", 4 times in a row" : ""}`,
  );
  expect(fetch).toHaveBeenCalledTimes(attempts);
});

test("a trickle is given up", async () => {
  await serving(
    [
      (_, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write("."), 100);
        response.on("close", () => clearInterval(timer));
      },
    ],
    async (url) => {
      await expect(fetched(url)).rejects.toThrow(UnreachableError);
      await expect(fetched(url)).rejects.toThrow(`${url.href} sends too slowly`);
    },
  );
});

function source(file = "a.bin", url?: string): SourceFile {
  const copy = { file, bytes: content.length, sha256: sha256(content), url };
  return { name: "numbers", copies: [copy] };
}

const info = { ...catalogue.tweets, title: "Numbers", page: "https://example.org/numbers" };

test("an endless answer is cut off where the file must end, and leaves nothing", async () => {
  let sent = 0;
  const endless: http.RequestListener = (_, response) => {
    response.writeHead(200);
    const more = (): void => {
      sent += content.length;
      if (!response.destroyed) response.write(content, more);
    };
    more();
  };
  await serving([endless], async (url) => {
    await expect(resolveFile(source("a.bin", url.href), info)).rejects.toThrow(
      `${url.href} has more than the 200,000 bytes that it may have: run again.`,
    );
    await expect(resolveFile(source("a.bin", url.href), info)).rejects.toThrow(StarlitError);
  });
  expect(sent).toBeLessThan(50e6);
  expect(fs.readdirSync(process.env.STARLIT_DATA!)).toEqual([]);
});

test("who asks for a file that is being fetched waits for the same", async () => {
  await serving([all], async (url) => {
    const file = source("a.bin", url.href);
    const found = await Promise.all([0, 1, 2].map(() => resolveFile(file, info)));
    expect(new Set(found).size).toBe(1);
    expect(fs.readFileSync(found[0]).equals(content)).toBe(true);
  });
  expect(asked).toHaveLength(1);
});

describe("an account and a key in the mirror's address", () => {
  const secrets = ["anna", "s3cret", "%40", "k3y"];
  const mirrored = (url: URL) => `http://anna:s3cret%40@${url.host}/data/?key=k3y`;

  test("are sent", async () => {
    await serving([all], async (url) => {
      process.env.STARLIT_MIRROR = mirrored(url);
      await resolveFile(source("sub/a.bin"), info);
    });
    expect(asked[0].url).toBe("/data/sub/a.bin?key=k3y");
    const basic = Buffer.from("anna:s3cret@").toString("base64");
    expect(asked[0].headers.authorization).toBe(`Basic ${basic}`);
    for (const secret of secrets) expect(output).not.toContain(secret);
  });

  test.each<[string, http.RequestListener[]]>([
    ["missing", [status(404)]],
    ["refused", [status(401)]],
    ["failing", [status(500)]],
    ["broken off", [until(10)]],
    ["too large", [(_, response) => response.end(Buffer.concat([content, content]))]],
    ["altered", [(_, response) => response.end(Buffer.alloc(content.length))]],
    ["too small", [(_, response) => response.end("a")]],
  ])(
    "are in no message of a file that is %s",
    async (_, answers) => {
      await serving(answers, async (url) => {
        process.env.STARLIT_MIRROR = mirrored(url);
        const error: unknown = await resolveFile(source(), info).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(StarlitError);
        const told = `${(error as Error).message}\n${(error as Error).stack}\n${output}`;
        expect(told).toContain(`http://${url.host}/data/a.bin`);
        for (const secret of secrets) expect(told).not.toContain(secret);
      });
    },
    20_000,
  );

  test.each([
    "ftp://anna:s3cret@host/x",
    "https:anna:s3cret@",
    "HTTP://",
    "http://anna:s3cret@[/",
    '"http://anna:s3cret@host/"',
    "'http://anna:s3cret@host/'",
    "<http://anna:s3cret@host/>",
    "  ftp://anna:s3cret@host/x",
    "//anna:s3cret@host/x",
    "anna@example.org:s3cret@host/x",
    "/anna:s3cret@host",
    "//host/x?key=k3y",
  ])("nor in that of an address that is none: %s", async (value) => {
    process.env.STARLIT_MIRROR = value;
    const error: unknown = await Promise.resolve()
      .then(() => resolveFile(source(), info))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StarlitError);
    for (const secret of secrets) expect((error as Error).message).not.toContain(secret);
  });
});

test("blanks around the mirror's address or folder are no part of it", async () => {
  await serving([all], async (url) => {
    process.env.STARLIT_MIRROR = ` http://anna:s3cret@${url.host}/\n`;
    await resolveFile(source(), info);
  });
  expect(asked[0].headers.authorization).toBeDefined();
  const folders = path.join(folder, "m@il");
  fs.mkdirSync(folders);
  fs.writeFileSync(path.join(folders, "b.bin"), content);
  process.env.STARLIT_MIRROR = ` ${folders} `;
  expect(fs.readFileSync(await resolveFile(source("b.bin"), info)).equals(content)).toBe(true);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s in the middle leaves nothing", async (signal) => {
  const halfway: http.RequestListener = (_, response) => {
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, 100_000));
  };
  const cache = process.env.STARLIT_DATA!;
  const parts = () => (fs.existsSync(cache) ? fs.readdirSync(cache) : []);
  await serving([halfway], async (url) => {
    const room = path.join(__dirname, "../lib/dist/data/resolve");
    const file = JSON.stringify(source("a.bin", url.href));
    const program = `require(${JSON.stringify(room)}).resolveFile(${file}, ${JSON.stringify(info)})`;
    const child = spawn(process.execPath, ["-e", program], {
      stdio: "ignore",
      env: { ...process.env },
    });
    const ended = new Promise((resolve) => child.on("close", (_, by) => resolve(by)));
    while (parts().length === 0 && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(parts()[0]).toMatch(/^a\.bin\..*\.part$/);
    child.kill(signal);
    expect(await ended).toBe(signal);
  });
  expect(parts()).toEqual([]);
});
