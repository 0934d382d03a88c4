// Cells behave as ipykernel's do, with TypeScript's types: one kernel a group.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Compiler } from "../scripts/kernel/compile.cjs";
import { Program } from "../scripts/kernel/program.cjs";
import { errors, play, printed, type Request, result, type Step } from "./kernel/kernel";

jest.setTimeout(240_000);

const plain = (request: Request) =>
  (errors(request)[0]?.traceback as string[]).map((line) => line.replace(/\x1b\[\d+m/g, ""));

/** A cell, and what its last line shows (null: nothing), or the error it ends with. */
type Given = [code: string, shown: string | null | { error: RegExp } | Look];

/** What a long text begins with, what it never holds, and its lines at most. */
interface Look {
  match: RegExp;
  never: RegExp;
  lines: number;
}

const all: Given[] = [];
let played: Request[] | undefined;

/** Cells of a table; all tables run one after the other in one kernel. */
function describeCells(name: string, given: Given[]) {
  const first = all.length;
  all.push(...given);
  describe(name, () => {
    beforeAll(() => {
      played ??= play(all.map(([execute]) => ({ execute, stopOnError: false }))).requests;
    });
    test.each(given.map(([code], i) => [i, code.replace(/\s+/g, " ").slice(0, 70)] as const))(
      "%i: %s",
      (i) => {
        const request = (played as Request[])[first + i];
        const [, shown] = given[i];
        const [error] = errors(request);
        if (shown && typeof shown === "object" && "match" in shown) {
          const text = String(result(request));
          expect(text).toMatch(shown.match);
          expect(text).not.toMatch(shown.never);
          expect(text.split("\n").length).toBeLessThanOrEqual(shown.lines);
        } else if (shown && typeof shown === "object")
          expect(`${String(error?.ename)}: ${String(error?.evalue)}`).toMatch(shown.error);
        else expect([error?.evalue, result(request)]).toEqual([undefined, shown]);
      },
    );
  });
}

describeCells("what an earlier cell declared", [
  ["const x = 1; let y = [2]; function f() { return x + y.length }", null],
  ["({ x, y, f: f() })", "{ x: 1, y: [ 2 ], f: 2 }"],
  ["y = [3, 4]; y.push(5); [x, ...y, f()]", "[ 1, 3, 4, 5, 4 ]"],
  // Closures see what a name stands for now.
  [
    "const x = 10;\nconst name = 'n', { a, b: [c = 7, ...d], ...rest } = { a: 1, b: [undefined, 2, 3], e: 5 };",
    null,
  ],
  ["[f(), name, a, c, d, rest]", "[ 13, 'n', 1, 7, [ 2, 3 ], { e: 5 } ]"],
  // Declared again with another type.
  ["const x = 'text'; x.toUpperCase()", "'TEXT'"],
  [
    "class P { constructor(public n: number) {} twice() { return 2 * this.n } }\nconst p = new P(2);",
    null,
  ],
  ["class P { constructor(readonly s: string) {} }\n[p.twice(), new P('s').s]", "[ 4, 's' ]"],
  ["interface Row { a: number }\ntype Rows = Row[];\nconst rows: Rows = [{ a: 1 }];", null],
  ["interface Row { b: string }\nconst row: Row = { b: 'b' }; [rows[0].a, row.b]", "[ 1, 'b' ]"],
  ["function f() { return 'again' }\nfunction f2<T>(value: T): T { return value }", null],
  ["f2(f())", "'again'"],
  ["let later: number[];", null],
  ["later = [1]; later", "[ 1 ]"],
  ["var v = 1; for (var i = 0, n = 3; i < n; i++) var inner = i; { var block = 2 }", null],
  ["[v, i, n, inner, block]", "[ 1, 3, 3, 2, 2 ]"],
  ["for (var word of ['p', 'q']) {}", null],
  ["word", "'q'"],
  [
    "let unset: number[]; function untyped(a, b = 2) { return [a, b, unset] }\nconst found = []; for (const n of [1, 2]) found.push({ n });",
    null,
  ],
  ["[found[1].n, untyped(1)]", "[ 2, [ 1, 2, undefined ] ]"],
  ["export default function () { return 1 }", null],
]);

describeCells("functions and the cells after them", [
  ["function isEven(n: number): boolean { return n === 0 || isOdd(n - 1) }", null],
  ["isEven(10)", { error: /ReferenceError: isOdd is not defined/ }],
  ["function isOdd(n: number): boolean { return n !== 0 && isEven(n - 1) }", null],
  ["[isEven(10), isOdd(7), isEven(7)]", "[ true, true, false ]"],
  ["const step1 = () => 1; const both = () => step1() + step2();", null],
  ["const step2 = () => 2; both()", "3"],
  ["const slip = () => consle.log(1);", { error: /Cannot find name 'consle'/ }],
  ["notYet", { error: /TypeScriptError: line 1: Cannot find name 'notYet'/ }],
  ["let count = 0; const inc = () => ++count;", null],
  ["for (let k = 0; k < 5; k++) inc();\ncount", "5"],
  ["count = 100; inc(); count", "101"],
  [
    "function* numbers() { let k = 0; while (true) yield k++ }\nconst three: number[] = []; for (const k of numbers()) { if (k > 2) break; three.push(k) }\nthree",
    "[ 0, 1, 2 ]",
  ],
  [
    "outer: for (let r = 0; r < 3; r++) { for (let q = 0; q < 3; q++) { if (q === 1) continue outer; if (r === 2) break outer; count++ } }\ncount",
    "103",
  ],
  ["done: { if (count > 3) break done; count = 0 }\ncount", "103"],
  [
    "const fact = (n: number): number => (n < 2 ? 1 : n * fact(n - 1)); [fact(5), fact.name, isOdd.name]",
    "[ 120, 'fact', 'isOdd' ]",
  ],
  [
    "function over(a: string): string; function over(a: number): number; function over(a: unknown) { return a }\nover(3).toFixed(1)",
    "'3.0'",
  ],
  ["[1, 2].map((count) => count * 2).concat((({ count }) => count)({ count: 7 }))", "[ 2, 4, 7 ]"],
]);

describeCells("await and using", [
  [
    "const pause = (ms: number) => new Promise<number>((done) => setTimeout(() => done(ms), ms));",
    null,
  ],
  ["const [one, two] = [await pause(1), (await pause(2)) + 1]; [one, two]", "[ 1, 3 ]"],
  ["await (async () => 'called')()", "'called'"],
  ["async function* slowly() { for (const n of [1, 2, 3, 4]) { await pause(1); yield n } }", null],
  [
    "const got: number[] = []; all: for await (const n of slowly()) { if (n === 2) continue all; if (n === 4) break; got.push(n) }\ngot",
    "[ 1, 3 ]",
  ],
  ["let last = 0; for await (last of [pause(3), pause(4)]) {}\nlast", "4"],
  ["for await (const { x: px } of [{ x: 1 }]) got.push(px); got", "[ 1, 3, 1 ]"],
  [
    "try { await Promise.reject(new Error('caught')) } catch (error) { got.push(String(error).length) } finally { await pause(1) }\ngot.at(-1)",
    "13",
  ],
  [
    "if (await pause(1)) { const local = await pause(2); got.push(local) }\nwhile (await pause(0)) {}\n`${await pause(5)}`",
    "'5'",
  ],
  [
    "const closed: string[] = [];\nconst open = (name: string) => ({ name, [Symbol.dispose]() { closed.push(name) } });\nconst openLate = (name: string) => ({ name, async [Symbol.asyncDispose]() { await pause(1); closed.push(name) } });",
    null,
  ],
  [
    "using first = open('first'); await using second = openLate('second'); closed.push(first.name + second.name);",
    "1",
  ],
  ["closed", "[ 'firstsecond', 'second', 'first' ]"],
  [
    "{ using inner = open('inner') }\nfor (using each of [open('e1')]) {}\nclosed.slice(3)",
    "[ 'inner', 'e1' ]",
  ],
  ["pause(1)", "Promise { <pending> }: write `await` before it to see its value"],
]);

describeCells("the rest of the language", [
  [
    "enum Color { Red = 1, Green = Red * 2, Blue = 'long'.length }\nconst enum Size { S, L = 5 }\nnamespace Shapes { export const sides = 4; export function area(a: number) { return a * a } export interface Box { a: number } }",
    null,
  ],
  [
    "const box: Shapes.Box = { a: 3 }; [Color.Green, Color[1], Size.L, Shapes.area(box.a), Shapes.sides]",
    "[ 2, 'Red', 5, 9, 4 ]",
  ],
  ["enum Color { Violet }\nColor", "{ '0': 'Violet', Violet: 0 }"],
  [
    "const calls: string[] = [];\nfunction logged<T extends (...args: never[]) => unknown>(method: T, context: ClassMethodDecoratorContext) { calls.push(String(context.name)); return method }\nfunction sealed(target: unknown, _context: ClassDecoratorContext) { calls.push('class') }\n@sealed class Decorated { @logged run() { return 'ran' } }",
    null,
  ],
  ["[new Decorated().run(), calls]", "[ 'ran', [ 'run', 'class' ] ]"],
  [
    "export const shown = 1;\nexport function exported() { return shown }\nexport default exported;\nexport { shown as other };\nexport class Exported {}\nexport type T = number;",
    null,
  ],
  ["const t: T = exported(); [t, new Exported() instanceof Exported]", "[ 1, true ]"],
  [
    "abstract class Shape { abstract area(): number; static made = 0; static of() { Shape.made++; return Shape.made } }\nclass Square extends Shape { #side = 2; accessor label = 'sq'; area() { return this.#side ** 2 } }\n[new Square().area(), Shape.of(), Shape.of(), new Square().label]",
    "[ 4, 1, 2, 'sq' ]",
  ],
  [
    "const maybe: string | null = Math.random() < 2 ? null : '';\nmaybe.length",
    { error: /'maybe' is possibly 'null'|never/ },
  ],
  ["const list: number[] = []; list[0]?.toFixed() ?? 'none'", "'none'"],
  [
    "import fs from 'node:fs';\nimport * as path from 'node:path';\nimport { basename as base, type ParsedPath } from 'path';\nimport type { Stats } from 'fs';\nimport 'node:os';\nconst parsed: ParsedPath = path.parse('/a/b.c'); const stats: Stats = fs.statSync('.');",
    null,
  ],
  [
    "[typeof fs.readFileSync, base('/x/y'), parsed.ext, stats.isDirectory()]",
    "[ 'function', 'y', '.c', true ]",
  ],
  [
    "const { join } = await import('node:path');\nimport os = require('node:os');\n[join('a', 'b'), typeof os.cpus, typeof require('fs').readFileSync, __dirname === process.cwd(), import.meta.dirname === __dirname]",
    "[ 'a/b', 'function', 'function', true, true ]",
  ],
  // Names that libraries look for stay theirs.
  [
    "const document = 'a text', window = 5, performance = 1, process = { env: 2 }; class Event { kind = 'own' }",
    null,
  ],
  [
    "import { tf } from 'starlit';\n[document.length + window + performance + process.env, new Event().kind, tf.tensor([1]).shape, typeof globalThis.performance.now]",
    "[ 14, 'own', [ 1 ], 'function' ]",
  ],
  [
    "const ten = [...seedlessRange(3)].map((n) => n * 2);\nfunction* seedlessRange(n: number) { for (let i = 0; i < n; i++) yield i }\nten",
    "[ 0, 2, 4 ]",
  ],
  ["this === undefined", "true"],
  ["'use strict'", "'use strict'"],
  ["// nothing but a comment", null],
  ["", null],
  ["let assigned; assigned = 3", null],
  ["null", "null"],
  ["undefined", null],
  ["if (true) {", { error: /TypeScriptError: line 1: '\}' expected/ }],
  ["const open = `text", { error: /Unterminated template/ }],
  ["/* a comment without an end", { error: /'\*\/' expected/ }],
]);

describeCells("what an error leaves", [
  [
    "const costly = [1, 2, 3];\nconst early = await Promise.resolve('early');\nthrow new Error('here');\nconst unreached = 1;",
    { error: /Error: here/ },
  ],
  ["[costly, early]", "[ [ 1, 2, 3 ], 'early' ]"],
  ["unreached", { error: /Cannot find name 'unreached'/ }],
  ["const kept = 'old';", null],
  ["const kept = ((): number => { throw new Error('before') })();", { error: /Error: before/ }],
  ["kept.length", "3"],
  [
    "let sum = 0; for (let i = 0; i < 10; i++) { sum += i; if (i === 4) throw new Error('in the loop') }",
    { error: /in the loop/ },
  ],
  ["sum", "10"],
  [
    "const wrong: string = 1; const unseen = 1",
    { error: /TypeScriptError: line 1: a string belongs there, and this is a number\./ },
  ],
  ["typeof unseen", { error: /Cannot find name 'unseen'/ }],
]);

describe("local modules", () => {
  let folder: string;
  let requests: Request[];
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-cells-"));
    const steps: Step[] = [
      { write: "deep.ts", text: "export const deep = (n: number): string => `deep ${n}`;" },
      {
        write: "own.ts",
        text: "import { deep } from './deep';\nexport interface Own { n: number }\nexport const own = (o: Own) => deep(o.n);\nexport default 'default';",
      },
      { write: "rows.json", text: '{"rows": [1, 2]}' },
      {
        execute:
          "import text, { own, type Own } from './own';\nimport rows from './rows.json';\nimport * as all from './own.js';\nconst o: Own = { n: 1 };\n[own(o), text, rows.rows, Object.keys(all).length, (await import('./deep')).deep(2)]",
      },
      { write: "deep.ts", text: "export const deep = (n: number): string => `deeper ${n + 1} `;" },
      { write: "rows.json", text: '{"rows": [1, 2, 3], "more": true}' },
      {
        execute:
          "import { own } from './own';\nimport rows from './rows.json';\n[own(o), rows.more]",
      },
      { write: "own.ts", text: "export const own: number = 'wrong';" },
      { execute: "import { own } from './own';\nown", stopOnError: false },
      {
        write: "own.ts",
        text: "\n\nexport const fails = () => {\n  throw new Error('inside');\n};",
      },
      { execute: "import { fails } from './own';\nfails()", stopOnError: false },
      // The library is found from anywhere.
      {
        execute:
          "import { padSequences } from 'starlit';\npadSequences([[1]], { maxlen: 2 }).shape",
      },
    ];
    ({ requests } = play(steps, folder));
  });
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  test("are compiled, JSON too", () => {
    expect(result(requests[0])).toBe("[ 'deep 1', 'default', [ 1, 2 ], 2, 'deep 2' ]");
  });
  test("are loaded again after a change, of what they import as well", () => {
    expect(result(requests[1])).toBe("[ 'deeper 2 ', true ]");
  });
  test("are checked", () => {
    expect(errors(requests[2])[0].evalue).toBe(
      "own.ts, line 1: a number belongs there, and this is a string.",
    );
  });
  test("show their lines in a traceback", () => {
    const told = plain(requests[3]);
    expect(told).toContain("    at Cell [4]:2:1");
    expect(told.some((line) => /at fails \(.*own\.ts:4:9\)/.test(line))).toBe(true);
  });
  test("the library is found from a folder outside the project", () => {
    expect(result(requests[4])).toBe("[ 1, 2 ]");
  });
});

describe("speed and interrupts", () => {
  let requests: Request[];
  beforeAll(() => {
    ({ requests } = play([
      {
        execute:
          "let total = 0;\nfor (let i = 0; i < 1e5; i++) { total += i % 7; if (i === 3) continue }\ntotal",
      },
      {
        execute:
          "var k = 0, out = 0; while (k < 1e5) { k++; out += k * 0.5; if (k++ === 9) out-- }\n[k, out]",
      },
      { execute: "let n = 0; console.log('spinning'); while (true) { n++ }", wait: false },
      { untilPrinted: "spinning" },
      { interrupt: true },
      { untilDone: true },
      { execute: "n > 0" },
      {
        execute: "let m = 0; await null; console.log('spinning'); while (true) { m++ }",
        wait: false,
      },
      { untilPrinted: "spinning" },
      { interrupt: true },
      { untilDone: true },
      { execute: "m > 0" },
      {
        execute:
          "let rounds = 0, after = 'no'; console.log('waiting'); try { while (true) { rounds++; await new Promise((r) => setTimeout(r, 5)) } } finally { after = 'yes' }",
        wait: false,
      },
      { untilPrinted: "waiting" },
      { interrupt: true },
      { untilDone: true },
      {
        execute:
          "const before = rounds; await new Promise((r) => setTimeout(r, 100)); [before === rounds, after]",
      },
      {
        execute:
          "let best: number | undefined, words: string[] | null = null; console.log('spinning'); while (true) { words = ['kept'] }",
        wait: false,
      },
      { untilPrinted: "spinning" },
      { interrupt: true },
      { untilDone: true },
      { execute: "[best, words]" },
    ]));
  });

  test("a loop at the top computes what a loop in a function does", () => {
    let total = 0;
    for (let i = 0; i < 1e5; i++) total += i % 7;
    expect(result(requests[0])).toBe(String(total));
    let k = 0;
    let out = 0;
    while (k < 1e5) {
      k++;
      out += k * 0.5;
      if (k++ === 9) out--;
    }
    expect(result(requests[1])).toBe(`[ ${k}, ${out} ]`);
  });

  test.each([2, 4, 6])("an interrupt ends the cell (%i)", (i) => {
    expect(errors(requests[i])[0]).toMatchObject({ ename: "Interrupted" });
    expect(requests[i].seconds).toBeLessThan(30);
  });

  test("a loop keeps what it had counted, also behind an await", () => {
    expect([result(requests[3]), result(requests[5])]).toEqual(["true", "true"]);
  });

  test("what is no number is kept too, and what has no value stays without one", () => {
    expect(result(requests[9])).toBe("[ undefined, [ 'kept' ] ]");
  });

  test("a stopped cell does not go on unseen, and its `finally` runs", () => {
    expect(result(requests[7])).toBe("[ true, 'yes' ]");
  });
});

const lines = (from: number, to: number, text: (n: number) => string) =>
  Array.from({ length: to - from }, (_, i) => text(from + i)).join("\n");

describeCells("how values look", [
  ["[{ a: 1, text: 'x' }, { a: 2.5, text: 'y\\nz' }]", "     a  text\n0    1  x\n1  2.5  y⏎z"],
  [
    "Array.from({ length: 1000 }, (_, i) => ({ i }))",
    `     i\n${lines(0, 20, (n) => `${n}`.padStart(2) + `${n}`.padStart(4))}\n1000 rows × 1 columns`,
  ],
  ["[{ a: 1 }]", "[ { a: 1 } ]"],
  ["({ x: [1, 2], y: [3, 4] })", "   x  y\n0  1  3\n1  2  4"],
  [
    "new Map<string, unknown>([['a', 1], ['b', { c: [1, 2] }]])",
    "Map(2) { 'a' => 1, 'b' => { c: [ 1, 2 ] } }",
  ],
  ["new Date(0)", "1970-01-01T00:00:00.000Z"],
  ["10n", "10n"],
  [
    "Array.from({ length: 1000 }, (_, i) => `line ${i}`).join('\\n')",
    `${lines(0, 39, (n) => `line ${n}`)}\n… 961 more lines: console.log(…) prints all`,
  ],
  // A training without its arrays, and a stored run, whose predictions lie in it as base64.
  [
    "({ history: { loss: [0.5, 0.25], valLoss: [1, 1 / 3] }, seconds: [1, 2], bestEpoch: 2, ended: 'epochs' })",
    "seconds: [ 1, 2 ]\nbestEpoch: 2\nended: 'epochs'\n   loss   valLoss\n1   0.5         1\n2  0.25  0.333333",
  ],
  [
    "import { listRuns } from 'starlit';\nconst stored = listRuns('lab').find(({ model, seed }) => model === 'lstm' && seed === 1)!;\nconst looks = { ...stored, predictions: { data: 'QUJD'.repeat(500) } }; looks",
    {
      lines: 40,
      match:
        /^study: 'lab'\nmodel: 'lstm'\n[^]*\nmetrics: \{ accuracy: 0\.8\d+ \}\n[^]*\n +loss +accuracy +valLoss +valAccuracy\n1 +0\.\d+ +0\.\d+/,
      never: /QUJD/,
    },
  ],
]);

describeCells("loops at the top", [
  ["let fa = 0, fb = 1; for (let i = 0; i < 50; i++) [fa, fb] = [fb, fa + fb];\nfa", "12586269025"],
  [
    "let least: number | undefined; for (const each of [3, 1, 2]) if (least === undefined || each < least) least = each;\nleast",
    "1",
  ],
  ["let told = 0; const read = () => told; for (let i = 1; i <= 10; i++) told += i;\nread()", "55"],
  [
    "let shared = 0; const add = () => ++shared; for (let i = 0; i < 3; i++) { shared += 10; add() }\nshared",
    "33",
  ],
  [
    "let seen = 0; const guard = { get now() { return seen } }; const views: number[] = []; for (let i = 0; i < 3; i++) { seen++; views[i] = guard.now }\nviews",
    "[ 1, 2, 3 ]",
  ],
  [
    "var at = 0; const xs = [1, 2, 3, 4]; while (at < 2) { [xs[at], xs[3 - at]] = [xs[3 - at], xs[at]]; at++ }\nxs",
    "[ 4, 3, 2, 1 ]",
  ],
  ["let big = 5n, bigs: bigint[] = []; while (big > 3n) bigs.push(big--);\nbigs", "[ 5n, 4n ]"],
  [
    "let p1 = 0, p2 = 0, both: number[] = []; do { both = [p1, p2] = [p2 + 1, p1] } while (p1 < 3);\n[p1, p2, both]",
    "[ 3, 2, [ 3, 2 ] ]",
  ],
  [
    "let o1 = 0, o2 = ''; for (let i = 0; i < 2; i++) { ({ o1, length: o2 = 'none' } = { o1: i, length: undefined as string | undefined }) }\n[o1, o2]",
    "[ 1, 'none' ]",
  ],
  [
    "let tail: number | null = 3; while (tail !== null) { tail = tail > 0 ? tail - 1 : null }\ntail",
    "null",
  ],
]);

describe("a loop at the top becomes one over local variables, which V8 keeps in registers", () => {
  const compiled = (code: string) =>
    new Compiler(new Program(os.tmpdir())).compile(code).js!.replace(/\s+/g, " ");

  test.each([
    ["let n = 0; while (n < 9) n++", "while (nª2 < 9) ªcopy[0] = ++nª2;"],
    [
      "let a = 0, b = 1; for (let i = 0; i < 9; i++) [a, b] = [b, a + b];",
      "([aª2, bª2] = [bª2, aª2 + bª2], ªcopy[0] = aª2, ªcopy[1] = bª2);",
    ],
    [
      "let best: number | undefined; for (let i = 0; i < 9; i++) if (!best || i > best) best = i;",
      "if (!bestª2 || i > bestª2) ªcopy[0] = bestª2 = i;",
    ],
    [
      "let n = 0; const read = () => n; for (const xs = [2]; n < xs[0]; ) n += Math.sqrt(xs.length);",
      "nª2 < xs[0];) ªcopy[0] = nª2 += Math.sqrt(xs.length);",
    ],
  ])("%s", (code, loop) => expect(compiled(code)).toContain(loop));

  test("but not where a function of the cell may look at them meanwhile", () => {
    expect(compiled("let n = 0; const step = () => ++n; while (n < 9) n += step();")).toContain(
      "while (nª < 9) nª += stepª();",
    );
  });
});

describe("errors", () => {
  let requests: Request[];
  const END = undefined; // no further line
  const given: [code: string, told: (string | RegExp | undefined)[]][] = [
    [
      "function inner(values: number[]) {\n  return values[3].toFixed();\n}\nconst outer2 = () => inner([1]);\n\nouter2();",
      [
        "TypeError: Cannot read properties of undefined (reading 'toFixed')",
        "Cell [1], line 2:",
        "  1 | function inner(values: number[]) {",
        "> 2 |   return values[3].toFixed();",
        "    |                    ^",
        "  3 | }",
        "  4 | const outer2 = () => inner([1]);",
        "    at inner (Cell [1]:2:20)",
        "    at outer2 (Cell [1]:4:22)",
        "    at Cell [1]:6:1",
      ],
    ],
    [
      "const wait = async () => { await null; JSON.parse('{') };\n\nawait wait();",
      [
        /^SyntaxError: /,
        "Cell [2], line 1:",
        "> 1 | const wait = async () => { await null; JSON.parse('{') };",
        /\^/,
        /2/,
        /3/,
        /at wait \(Cell \[2\]:1:\d+\)/,
        "    at Cell [2]:3:1",
      ],
    ],
    [
      "import { fit, tf } from 'starlit';\nconst net = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });\n\nawait fit(net, { x: { data: new Float32Array(2), shape: [1, 2] }, y: { data: new Float32Array(2), shape: [2, 1] } }, { epochs: 1, loss: 'meanSquaredError' });",
      [/^StarlitError: /, "Cell [3], line 4:", /2/, /3/, /^> 4 \| await fit/, /\^/],
    ],
    ["outer2 = 3", [/constant/]],
    [
      "process.exit(1)",
      [
        /process\.exit\(\) would end the kernel/,
        "Cell [5], line 1:",
        "> 1 | process.exit(1)",
        /\^/,
      ],
    ],
    ["(undefined as unknown as () => void)()", [/^TypeError: /, "Cell [6], line 1:", /^> 1/, /\^/]],
    [
      "const callMe: any = 3;\ncallMe();",
      [
        "TypeError: callMe is not a function",
        "Cell [7], line 2:",
        "  1 | const callMe: any = 3;",
        "> 2 | callMe();",
        "    | ^",
      ],
    ],
    // A blank of the lab: the first line declares what the reader declares again.
    [
      "let trainX: number[], testX: number[];\nconst trainX = [1];\nconst testX = [2];",
      [
        "TypeScriptError: `trainX` and `testX` are declared in line 1 of this cell already: give their values without `const` or `let`.",
        "Cell [8], line 2:",
        "  1 | let trainX: number[], testX: number[];",
        "> 2 | const trainX = [1];",
        "  3 | const testX = [2];",
      ],
    ],
    [
      "let ids: Float32Array;\nids = new Set([1, 2]);",
      [
        "TypeScriptError: a Float32Array<ArrayBufferLike> belongs there, and this is a Set<number>.",
        "  Type 'Set<number>' is missing the following properties from type 'Float32Array<ArrayBufferLike>'.",
        "Cell [9], line 2:",
        "  1 | let ids: Float32Array;",
        "> 2 | ids = new Set([1, 2]);",
        "    | ^^^",
      ],
    ],
    // TensorFlow.js's own frames are cut, in a chain of calls and behind an `await`.
    [
      "import { tf } from 'starlit';\nconst reshaped = () => tf.tensor([1, 2]).reshape([3]);\nreshaped()",
      [
        /^Error: [^]*2 values, but the requested shape has 3$/,
        "Cell [10], line 2:",
        "  1 | import { tf } from 'starlit';",
        "> 2 | const reshaped = () => tf.tensor([1, 2]).reshape([3]);",
        "    |                                          ^",
        "  3 | reshaped()",
        "    at reshaped (Cell [10]:2:42)",
        "    at Cell [10]:3:1",
        END,
      ],
    ],
    [
      "const dull = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });\nawait dull.fit(tf.zeros([2, 1]), tf.zeros([2, 1]));",
      [
        "Error: The model needs to be compiled before being used.",
        "Cell [11], line 2:",
        /^ {2}1 \| const dull/,
        /^> 2 \| await dull\.fit/,
        "    |            ^",
        END,
      ],
    ],
    ["'kernel lives'", []],
  ];
  beforeAll(
    () => ({ requests } = play(given.map(([execute]) => ({ execute, stopOnError: false })))),
  );

  test.each(given.slice(0, -1).map(([code, told], i) => [code.split("\n")[0], told, i] as const))(
    "%s",
    (_code, told, i) => {
      const lines = plain(requests[i]);
      told.forEach((wanted, line) =>
        typeof wanted === "string" || wanted === END
          ? expect(lines[line]).toBe(wanted)
          : expect(lines[line]).toMatch(wanted),
      );
      expect(lines.join("\n")).not.toMatch(/ª|kernel[\\/]|Generator\.next|tslab|node:/);
    },
  );

  test("the kernel lives", () => expect(result(requests.at(-1) as Request)).toBe("'kernel lives'"));
});

describe("habits from Python", () => {
  let requests: Request[];
  const given: [code: string, hint: RegExp][] = [
    ["x = 5", /^`x` is new: declare it, `let x = 5;`/],
    ["!ls -l", /no shell\. .*execSync\("ls -l"\)/],
    ["%timeit f(1)", /no magics.*console\.time/],
    ["%%time\nconst a = 1;", /no magics/],
    ["%matplotlib inline", /not needed/],
    ["help(fit)", /Shift-Tab/],
    ["fit?", /`fit`.*Shift-Tab/],
    ["print(1)", /`print` is Python's: write `console\.log\(…\)`/],
    ["import numpy as np", /`numpy` is Python's: .*tensors, or use arrays/],
    ["import os", /import \* as os from "os"/],
    ["from starlit import fit, tf", /import \{ fit, tf \} from "starlit"/],
    ["def f(a, b):\n    return a", /function f\(a, b\) \{/],
    ["const n = None", /`None` is Python's: write `null`/],
    ["if (True) console.log(1)", /`True` is Python's: write `true`/],
    ["for i in range(10):\n    i", /for \(let i = 0; i < 10; i\+\+\)/],
    ["len([1])", /x\.length/],
    ['const s = f"{n} rows"', /\$\{n\} rows/],
    ["# a comment", /`\/\/ a comment`/],
    ["const ys = [y * 2 for y in xs]", /values\.map\(\(y\) => …\)/],
    ["import tensorflow as tf", /import \{ fit, tf \} from "starlit"/],
    ["import torch.nn as nn", /import \{ fit, tf \} from "starlit"/],
    ["from sklearn.model_selection import train_test_split", /\{ trainTestSplit \} from "starlit"/],
    [
      "from keras.layers import LSTM, Bidirectional, NoSuchLayer",
      /\{ lstm, bidirectional \} from "starlit"/,
    ],
    ["from sklearn.svm import SVC", /its names in camelCase/],
    ["import matplotlib.pyplot as plt", /`show\(…\)`/],
    ["import json", /JSON\.parse/],
    ["a, b = 1, 2", /^Write `const \[a, b\] = \[1, 2\];`/],
    [
      "let u = 1, v = 2;\nu, v = v, u + v",
      /^Write `const \[u, v\] = \[v, u \+ v\];`.*without `const`/,
    ],
    ["rounds += 1", /^`rounds` has no value yet: .*`let rounds = 0;`/],
    ["rounds++", /^`rounds` has no value yet/],
    ["pip install pandas", /`npm install NAME` in a terminal/],
    ['raise ValueError("no rows")', /^Write `throw new Error\("no rows"\);`/],
    ['assert 1 > 2, "odd"', /^Write `if \(!\(1 > 2\)\) throw new Error\("odd"\);`/],
    ["del rows", /not deleted/],
    ["del row['a']", /`delete row\['a'\];`/],
  ];
  beforeAll(
    () => ({ requests } = play(given.map(([execute]) => ({ execute, stopOnError: false })))),
  );

  test.each(given.map(([code, hint], i) => [code.split("\n")[0], hint, i] as const))(
    "%s",
    (_code, hint, i) => {
      expect(errors(requests[i])[0]?.evalue).toMatch(hint);
      expect(String(errors(requests[i])[0]?.evalue)).not.toContain("\n");
    },
  );
});

describe("the editor", () => {
  let requests: Request[];
  const help = "clamp(1, ";
  beforeAll(() => {
    ({ requests } = play([
      {
        execute:
          "/** Keeps a number between two others.\n * @param low the least */\nfunction clamp(value: number, low: number, high = 1) { return Math.min(Math.max(value, low), high) }\nfunction choose(kind: 'lstm-1' | 'gru-2') { return kind }\nconst rows = [{ rating: 1, text: '' }];",
      },
      { complete: "cla", at: 3 },
      { complete: "choose('", at: 8 },
      { complete: 'choose("l', at: 9 },
      { complete: "rows[0].te", at: 10 },
      { inspect: help, at: help.length },
      { inspect: "clamp", at: 5 },
      { complete: "padSeq", at: 6 },
      { inspect: "trainTestSplit", at: 14 },
      { execute: "padSequences([[1, 2]], { maxlen: 3 }).shape" },
      { execute: "const seq = () => padSequences([[1]], { maxlen: 1 }).shape; seq()" },
      { execute: "whos()" },
      { complete: "for (const row of rows) { if (row.ra", at: 36 },
      { execute: "import { clothing } from 'starlit';" },
      { complete: "clothing.", at: 9 },
      { complete: 'clothing.run("l', at: 15 },
    ]));
  });
  const types = (request: Request) =>
    (request.reply?.metadata as { _jupyter_types_experimental: Record<string, string>[] })
      ._jupyter_types_experimental;
  const text = (request: Request) => (request.reply?.data as Record<string, string>)["text/plain"];

  test("names complete with their type and the first line about them", () => {
    expect((requests[1].reply?.matches as string[])[0]).toBe("clamp");
    expect(types(requests[1])[0]).toMatchObject({
      type: "function",
      signature: "function clamp(value: number, low: number, high?: number): number",
      documentation: "Keeps a number between two others.",
    });
  });
  test("texts complete where only some are allowed", () => {
    expect(requests[2].reply).toMatchObject({
      matches: ["gru-2", "lstm-1"],
      cursor_start: 8,
      cursor_end: 8,
    });
    expect(requests[3].reply).toMatchObject({
      matches: ["lstm-1"],
      cursor_start: 8,
      cursor_end: 9,
    });
  });
  test("members complete, in unfinished code too", () => {
    expect(requests[4].reply?.matches).toEqual(["text"]);
    expect(requests[12].reply?.matches).toEqual(["rating"]);
  });
  test("members of what was imported complete behind a bare dot, and models by their names", () => {
    expect(requests[14].reply?.matches).toEqual(expect.arrayContaining(["models", "run"]));
    expect(requests[15].reply?.matches).toEqual(["lstm-2"]);
  });
  test("inside a call its parameters are told, the current one with what it means", () => {
    expect(text(requests[5])).toContain("clamp(value: number, low: number, high?: number): number");
    expect(text(requests[5])).toContain("→ low: number: the least");
  });
  test("a name at the cursor's left is inspected", () => {
    expect(text(requests[6])).toMatch(
      /^function clamp\(value: number[^]*Keeps a number between two others/,
    );
  });
  test("names of the library are offered, and imported by their use", () => {
    expect(requests[7].reply?.matches).toEqual(["padSequences"]);
    expect(printed(requests[9])).toBe("imported from starlit: padSequences\n");
    expect([result(requests[9]), result(requests[10])]).toEqual(["[ 1, 3 ]", "[ 1, 1 ]"]);
  });
  test("a name of the library is inspected without an import", () => {
    expect(text(requests[8])).toMatch(/trainTestSplit[^]*train_test_split/);
  });
  test("variables are listed", () => {
    expect(printed(requests[11])).toMatch(
      /name +type +value\n[^]*rows +\{ rating: number; text: string; \}\[\] +\[ \{ rating: 1, text: '' \} \]/,
    );
  });
});

test("what a cell left behind prints below the latest one; a timer and a call without end are told shortly", () => {
  const { requests } = play([
    { execute: "setTimeout(() => console.log('late'), 200)" },
    { execute: "await new Promise((resolve) => setTimeout(resolve, 400)); console.log('own')" },
    { execute: "const deeper = (n: number): number => deeper(n + 1) + 1;\ndeeper(0)" },
  ]);
  expect(result(requests[0])).toBe("a timer: clearTimeout(…) stops it");
  expect(printed(requests[1])).toBe("late\nown\n");
  expect((errors(requests[2])[0].traceback as string[]).length).toBeLessThan(10);
});

describe("stdin, comms and displays", () => {
  let requests: Request[];
  beforeAll(() => {
    ({ requests } = play([
      { execute: "const answer = await input('Name? '); `hello ${answer}`", wait: false },
      { untilAsked: true, answer: "Ada" },
      { untilDone: true },
      {
        execute:
          "const open = (globalThis as any)[Symbol.for('kernel.comm')];\nconst comm = open('some.target', { data: { a: 1 } });\ncomm.onMessage = (data: any) => { console.log('got', data); comm.send({ data: { back: data.n + 1 } }) };\ncomm.id",
      },
      { request: "comm_info_request" },
      {
        execute:
          "display([1, 2], { id: 'd' }); console.log('between'); display(new Map([['a', 1]]), { id: 'd', update: true });",
      },
      {
        execute:
          "process.stdout.write(Buffer.from([0xc3])); process.stdout.write(Buffer.from([0xa9, 10])); process.stdout.write('c3a9', 'hex' as BufferEncoding)",
      },
      { execute: "import { display as show } from 'tslab';\nshow.html('<b>bold</b>');" },
      {
        execute:
          "import { slider } from 'starlit';\nconst rate = slider({ label: 'rate', min: 0, max: 1, value: 0.5 });\ndisplay(rate);\nrate",
      },
    ]));
  });
  test("input() asks and goes on with the answer", () => {
    expect(requests[0].asked).toEqual([{ prompt: "Name? ", password: false }]);
    expect(result(requests[0])).toBe("'hello Ada'");
  });
  test("a comm is opened and listed", () => {
    const open = requests[1].iopub.find(({ type }) => type === "comm_open");
    expect(open?.content).toMatchObject({ target_name: "some.target", data: { a: 1 } });
    expect(Object.values(requests[2].reply?.comms as object)).toEqual([
      { target_name: "some.target" },
    ]);
  });
  test("display() shows and redraws, in order with what is printed", () => {
    expect(requests[3].iopub.map(({ type }) => type).slice(2, -1)).toEqual([
      "display_data",
      "stream",
      "update_display_data",
    ]);
    expect(
      requests[3].iopub
        .filter(({ type }) => type.endsWith("display_data"))
        .map(({ type, content }) => [
          type,
          (content.data as Record<string, string>)["text/plain"],
          content.transient,
        ]),
    ).toEqual([
      ["display_data", "[ 1, 2 ]", { display_id: "d" }],
      ["update_display_data", "Map(1) { 'a' => 1 }", { display_id: "d" }],
    ]);
  });
  test("a letter in two writes is whole", () => expect(printed(requests[4])).toBe("é\né"));
  test("a widget is opened once, with its state", () => {
    const open = requests[6].iopub.filter(({ type }) => type === "comm_open");
    expect(open).toHaveLength(1);
    const {
      comm_id: id,
      target_name: target,
      data,
    } = open[0].content as Record<string, { state: object }>;
    expect([target, data.state]).toMatchObject([
      "jupyter.widget",
      { value: 0.5, _model_module: "anywidget" },
    ]);
    const shown = requests[6].iopub.find(({ type }) => type === "execute_result")?.content.data;
    expect(shown).toMatchObject({
      "application/vnd.jupyter.widget-view+json": { model_id: id },
      "text/plain": "rate: 0.5",
    });
  });
  test("tslab's own displays work", () => {
    expect(
      requests[5].iopub.some(
        ({ type, content }) =>
          type === "display_data" && JSON.stringify(content).includes("<b>bold</b>"),
      ),
    ).toBe(true);
  });
});
