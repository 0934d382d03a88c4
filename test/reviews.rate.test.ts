// The command that rates: texts, tables in their own form, pipes.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "csv-parse/sync";
import { loadRater } from "../lib/src/reviews";
import type { Review } from "../lib/src/reviews";
import { learnBag } from "../lib/src/reviews/bag";
import { type RaterReport, saveRater } from "../lib/src/reviews/rater";
import { sizesFor } from "../lib/src/reviews/sizes";
import { rateTable, scaleOf } from "../lib/src/reviews/stream";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-rate-"));
const model = path.join(folder, "rater");
const command = path.join(__dirname, "../lib/bin/starlit.cjs");

/** Reviews of one kind that a linear model learns at once. */
const reviews: Review[] = Array.from({ length: 200 }, (_, i) => ({
  text: i % 2 === 0 ? `lovely soft dress ${i % 7}` : `awful thin fabric ${i % 7}`,
  rating: i % 2 === 0 ? 5 : 1,
  group: null,
  line: i,
}));

beforeAll(() => {
  const scale = { values: [1, 5], labels: ["1", "5"] };
  const lesson = {
    train: reviews.slice(40),
    validation: reviews.slice(0, 40),
    scale,
    sizes: sizesFor(160),
  };
  saveRater(model, learnBag(lesson).packed, {} as RaterReport);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function rate(args: string[], input?: string) {
  const done = spawnSync(process.execPath, [command, "rate", "--model", model, ...args], {
    encoding: "utf8",
    input,
  });
  return { out: done.stdout, err: done.stderr, code: done.status };
}

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
}

test("a text: its rating, its interval, the words that moved it; as JSON too", () => {
  expect(rate(["a lovely dress"]).out).toMatch(
    /^[45]\.\d of 5, with 80 % probability \d to 5\n {2}\+\d\.\d\d {2}lovely\n/,
  );
  const json = JSON.parse(rate(["awful fabric", "--json"]).out) as {
    rating: number;
    words: object[];
  };
  expect(json.rating).toBeLessThan(2);
  expect(json.words.length).toBe(2);
  expect(rate(["…!"]).out).toContain("no word that the rater knows");
});

test("a table keeps its columns, its form and its rows, also those that cannot be rated", () => {
  const text =
    'id;text;rated\n1;"lovely; ""soft""\nsecond line";x\n2;;y\n3;awful thin;z;too;many\n4;qqq zzz;\n';
  const { out, err, code } = rate([write("table.csv", text)]);
  expect(code).toBe(0);
  const rows = parse(out, { delimiter: ";", relax_column_count: true }) as string[][];
  expect(rows[0]).toEqual([
    "id",
    "text",
    "rated",
    "rated_2",
    "rated_low",
    "rated_high",
    "rated_label",
  ]);
  expect(rows[1].slice(0, 3)).toEqual(["1", 'lovely; "soft"\nsecond line', "x"]);
  expect(Number(rows[1][3])).toBeGreaterThan(4);
  expect(rows[1][6]).toBe("5");
  expect(rows.slice(2).map((row) => row.slice(-4))).toEqual([0, 1, 2].map(() => ["", "", "", ""]));
  expect(err).toMatch(/4 rows in .* rows a second; 3 without a text that it knows are not rated\./);
});

test("JSON lines stay JSON lines, and pipes are tables or a text a line", () => {
  const file = write(
    "rows.jsonl",
    '{"n":1,"review":"lovely soft"}\n{"n":2,"review":"awful thin"}\n',
  );
  const lines = rate([file])
    .out.trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ n, rated_label: label }) => [n, label])).toEqual([
    [1, "5"],
    [2, "1"],
  ]);
  const listed = rate([], "lovely soft dress\nawful, thin\n\n").out.trim().split("\n");
  expect(
    listed.map((line) => (JSON.parse(line) as { rated_label: string | null }).rated_label),
  ).toEqual(["5", "1", null]);
  expect(rate(["-"], "review,stars\nlovely,3\n").out).toMatch(
    /^review,stars,rated,.*\nlovely,3,[45]\./,
  );
  expect(rate(["--json"], "review,stars\nlovely,3\n").out).toMatch(
    /^{"review":"lovely","stars":"3","rated":[45]/,
  );
});

test("many rows come in their order, and few of them are held at a time", async () => {
  const count = 20_000;
  const text = Array.from({ length: count }, (_, i) => `${i},${reviews[i % 200].text}`).join("\n");
  const file = write("many.csv", `n,text\n${text}\n`);
  const { packed } = loadRater(model);
  let next = 0;
  let most = 0;
  const { rows, unrated } = await rateTable(packed, file, {
    write: (lines) => {
      const found = lines.trimEnd().split("\n");
      if (found[0].startsWith("n,")) found.shift();
      most = Math.max(most, found.length);
      for (const line of found) {
        if (line === "") continue;
        const [n, , , , , label] = line.split(",");
        if (Number(n) !== next || label !== String(reviews[next % 200].rating))
          throw new Error(line);
        next++;
      }
    },
  });
  expect([rows, unrated, next]).toEqual([count, 0, count]);
  expect(most).toBeLessThanOrEqual(500);
});

test("what is missing is told in one line", () => {
  const cases: [string[], string][] = [
    [["none.csv"], "There is no file none.csv"],
    [
      [write("two.csv", "a,b\nsome words here now,other words here now\n")],
      "Which column holds the text?",
    ],
    [[write("named.csv", "a,b\nsome words,other\n"), "--text", "c"], 'There is no column "c"'],
  ];
  for (const [args, message] of cases) {
    const { err, code } = rate(args);
    expect([code, err.trim().split("\n").length]).toEqual([1, 1]);
    expect(err).toContain(message);
  }
  const none = spawnSync(process.execPath, [command, "rate", "--model", folder, "x"], {
    encoding: "utf8",
  });
  expect(none.stderr).toMatch(/^There is no rater in .*: make one with `npx starlit train/);
});

test("a scale on the command line", () => {
  expect(scaleOf("1-5")).toEqual([1, 5]);
  expect(scaleOf("-1..1")).toEqual([-1, 1]);
  expect(scaleOf("bad=1, so so = 2,good=3")).toEqual({ bad: 1, "so so": 2, good: 3 });
  expect(() => scaleOf("five")).toThrow("give its ends (1-5)");
});

test("the command tells its version and its help without loading TensorFlow", () => {
  const { version } = JSON.parse(
    fs.readFileSync(path.join(__dirname, "../lib/package.json"), "utf8"),
  ) as { version: string };
  const run = (arg: string) => spawnSync(process.execPath, [command, arg], { encoding: "utf8" });
  expect(run("--version").stdout.trim()).toBe(version);
  expect(run("--help").stdout).toMatch(/train \[options\] <file>[\s\S]*rate \[options\] \[what\]/);
  const script = `process.argv[2] = "rate"; process.argv.push("--model", ${JSON.stringify(model)}, "lovely");
    require(${JSON.stringify(command)});
    setTimeout(() => console.log(Object.keys(require.cache).filter((name) => name.includes("tfjs")).length), 300);`;
  const loaded = spawnSync(process.execPath, ["-e", script, "starlit"], { encoding: "utf8" });
  expect(loaded.stdout.trim().split("\n").at(-1)).toBe("0");
});
