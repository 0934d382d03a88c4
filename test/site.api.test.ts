import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { root } from "./kernel/kernel";

jest.setTimeout(180_000);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-api-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Runs code with `describeLibrary` in scope, as a command of the project would. */
function command(code: string): { status: number | null; stdout: string; stderr: string } {
  const imports = `
    import { describeLibrary } from "./scripts/api.mjs";
    import { command } from "./scripts/setup.mjs";`;
  const script = `${imports} await command(async () => { ${code} });`;
  const args = ["--input-type=module", "-e", script];
  return spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
}

/** The names that a file exports from others, types and namespaces included. */
function exportsOf(file: string): string[] {
  const text = fs.readFileSync(path.join(root, "lib/src", file), "utf8").replace(/\/\/.*$/gm, "");
  const lists = text.matchAll(/^export (?:type )?\{([^}]*)\} from "\./gm);
  const names = [...lists].flatMap(([, list]) => list.split(","));
  const spaces = [...text.matchAll(/^export \* as (\w+) from/gm)].map(([, name]) => name);
  return [...spaces, ...names.map((name) => /(\w+)\s*$/.exec(name)?.[1] ?? "").filter(Boolean)];
}

/** The names of each room: those of the engine are picked, those of the others are all it exports. */
const library = fs.readFileSync(path.join(root, "lib/src/index.ts"), "utf8");
const rooms = [...library.matchAll(/^export \* from "\.\/(\w+)"/gm)].map(([, room]) => room);
const names = new Map(rooms.map((room) => [room, exportsOf(`${room}/index.ts`).sort()]));
const spaces = [...library.matchAll(/^export \* as (\w+) from/gm)].map(([, name]) => name);
names.set(
  "engine",
  exportsOf("index.ts")
    .filter((name) => !spaces.includes(name))
    .sort(),
);

const words = (html: string) => html.replace(/<[^>]*>/g, "").replace(/\s+/g, " ");
const page = (name: string) => fs.readFileSync(path.join(folder, `${name}.html`), "utf8");

describe("the pages about the library", () => {
  beforeAll(() => {
    const made = command(
      `console.log(JSON.stringify(await describeLibrary(${JSON.stringify(folder)})));`,
    );
    expect(made.stderr).toBe("");
    // No link in a doc comment leads nowhere.
    expect(JSON.parse(made.stdout)).toEqual([]);
  });

  test("every export stands in its room", () => {
    const [, ...sections] = page("index").split('<details class="tsd-panel-group');
    const told = new Map(
      sections.map((section) => [
        /<h2[^>]*>(\w+)</.exec(section)?.[1] ?? "",
        [...section.matchAll(/<dt .*?<a href="([^"#]+)\.html"/gs)].map(([, name]) => name),
      ]),
    );
    expect(names.size).toBe(10);
    for (const [room, own] of names) {
      // The room as a namespace stands there too.
      const expected = spaces.includes(room) ? [...own, room].sort() : own;
      expect([
        room,
        told
          .get(room)
          ?.map((name) => name.replace(/-\d$/, ""))
          .sort(),
      ]).toEqual([room, expected]);
    }
  });

  test("every room but the engine is a namespace as well, and internals are in neither", () => {
    expect(spaces.sort()).toEqual(
      [...names.keys()].filter((room) => !/engine|studies/.test(room)).sort(),
    );
    const all = [...names.values()].flat();
    for (const internal of ["drop", "kernel", "gateCount", "lookUp", "nextSeed", "checkOptions"])
      expect(all).not.toContain(internal);
  });

  test.each([
    ["clothing/run", "Trains a model of the study, or loads the run if it was made before."],
    ["lstm", "Long short-term memory (Hochreiter and Schmidhuber 1997)"],
    ["padSequences", "Sequences of ids as one table, each cut or filled to the same length"],
    ["fit", "Parameters"],
    ["FitOptions", "Rows on which loss and metrics are taken after each epoch, dropout off."],
  ])("%s is told as in its doc comment", (name, text) => {
    expect(words(page(name))).toContain(text);
  });

  test("nothing is asked of another host, and no page names the clone's address", () => {
    const files = fs.readdirSync(folder, { recursive: true }).map(String);
    const asks =
      /(?:src|srcset)=["']?(?:https?:)?\/\/|<link[^>]+href=["']?(?:https?:)?\/\/|@import|url\(["']?(?:https?:)?\/\//;
    for (const file of files.filter((name) => /\.(html|css|js)$/.test(name))) {
      const text = fs.readFileSync(path.join(folder, file), "utf8");
      expect([file, asks.exec(text)?.[0]]).toEqual([file, undefined]);
      expect([file, text.includes(root)]).toEqual([file, false]);
    }
    expect(page("lstm")).toContain("Defined in lib/src/layers/recurrent.ts");
  });
});

test("a library that cannot be read is told in one sentence", () => {
  const nowhere = JSON.stringify([path.join(root, "lib/src/nowhere.ts")]);
  const target = JSON.stringify(path.join(folder, "none"));
  const { status, stderr } = command(`await describeLibrary(${target}, ${nowhere});`);
  expect(status).toBe(1);
  expect(stderr.trim()).toMatch(/^The pages about the library could not be made: [^\n]+$/);
});
