// What set-up installs of others: locked, with a sum for each file, from nowhere but the registries.
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "./kernel/kernel";

const read = (file: string) => fs.readFileSync(path.join(root, file), "utf8");
const folders = ["scripts/setup", "scripts/lab", "bench", "workflow"];
const lists = folders.flatMap((folder) =>
  fs
    .readdirSync(path.join(root, folder))
    .filter((name) => /^requirements.*\.in$/.test(name))
    .map((name) => `${folder}/${name.replace(/\.in$/, "")}`),
);

/** A name as pip compares it, https://packaging.python.org/en/latest/specifications/name-normalization/ */
const plain = (name: string) => name.toLowerCase().replace(/[-_.]+/g, "-");

describe("Python's packages", () => {
  test.each(lists)("%s: what was asked for is locked, with the sums of its files", (name) => {
    const locked = read(`${name}.txt`).replace(/ \\\n/g, " ").trim().split("\n");
    const versions = new Map<string, string>();
    for (const line of locked) {
      const [, package_, version] = /^([\w.-]+)==(\S+)/.exec(line)!;
      versions.set(`${plain(package_)}==${version}`, line);
      expect(line).toMatch(/ --hash=sha256:[0-9a-f]{64}/);
      expect(line).not.toMatch(/:\/\/|file:|\/\w+\/|index|@/);
    }
    const asked = read(`${name}.in`)
      .split("\n")
      .filter((line) => line && !line.startsWith("#"));
    expect(asked.length).toBeGreaterThan(0);
    for (const line of asked) {
      const [package_, version] = line.split("==");
      expect([...versions.keys()]).toContain(`${plain(package_)}==${version}`);
    }
  });

  test("pip installs nothing else", () => {
    const scripts = fs
      .readdirSync(path.join(root, "scripts"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".mjs"))
      .map((name) => `scripts/${name}`);
    const files = [...scripts, "bench/environment.mjs"].filter((file) =>
      /"pip",\s*"install"/.test(read(file)),
    );
    // The second makes the lists; pip's arguments are in the first alone.
    expect(files.sort()).toEqual(["scripts/lock.mjs", "scripts/setup/steps.mjs"]);
    expect(read("scripts/setup/steps.mjs").match(/"install"/g)).toHaveLength(1);
    expect(read("scripts/setup/steps.mjs")).toContain(
      '["-m", "pip", "install", "--no-input", "--require-hashes"',
    );
  });
});

test("npm's packages are locked, with a sum each, and come from its registry", () => {
  const { packages } = JSON.parse(read("package-lock.json")) as {
    packages: Record<string, { resolved?: string; integrity?: string; link?: boolean }>;
  };
  const installed = Object.entries(packages).filter(
    ([name, { link }]) => name.startsWith("node_modules/") && !link,
  );
  expect(installed.length).toBeGreaterThan(100);
  for (const [, { resolved, integrity }] of installed) {
    // Without an address it comes from the registry that npm asks.
    expect(resolved ?? "https://registry.npmjs.org/").toMatch(/^https:\/\/registry\.npmjs\.org\//);
    expect(integrity).toMatch(/^sha512-/);
  }
});

describe("licences", () => {
  const licences = (body: string) =>
    JSON.parse(
      execFileSync(
        process.execPath,
        [
          "--input-type=module",
          "-e",
          `import { isKnown, npmPackages, pythonPackages, unknown } from "./scripts/licences.mjs";
           console.log(JSON.stringify(${body}));`,
        ],
        { cwd: root, encoding: "utf8" },
      ),
    ) as unknown;

  test("of all packages here were looked at", () => {
    expect(licences("unknown([...npmPackages(), ...pythonPackages()])")).toEqual([]);
  });

  test("one of several will do, of what is joined all must", () => {
    const texts = ["GPL-3.0", "MIT", "(GPL-3.0 OR MIT)", "MIT AND GPL-3.0", "", "MIT AND ISC"];
    expect(licences(`${JSON.stringify(texts)}.map(isKnown)`)).toEqual([
      ...[false, true, true, false, false, true],
    ]);
  });
});
