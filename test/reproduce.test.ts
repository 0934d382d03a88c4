import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { root } from "./kernel/kernel";

jest.setTimeout(120_000);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-reproduce-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const file = path.join(folder, "file");
fs.writeFileSync(file, "");

/** One line that says what to do, exit code 1, no stack, nothing written. */
test.each([
  [["--profile", "slow"], 'There is no profile "slow": use quick or full.'],
  [["--study", "clothng"], /^There is no study "clothng": did you mean "clothing"\?$/],
  [["--stdy", "clothing"], /^Unknown option '--stdy'\. .*Use --study, --profile, --out, --open\.$/],
  [
    ["--study", "clothing", "--out", path.join(file, "site")],
    /^The report cannot be written to .* choose another/,
  ],
])("%j", (args, line) => {
  const script = path.join(root, "scripts/reproduce.mjs");
  const given = args.includes("--out") ? args : [...args, "--out", path.join(folder, "site")];
  const { status, stderr } = spawnSync(process.execPath, [script, ...given], { encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr.trim().split("\n")).toEqual([
    typeof line === "string" ? line : expect.stringMatching(line),
  ]);
  expect(fs.readdirSync(folder)).toEqual(["file"]);
});
