import * as fs from "node:fs";
import * as path from "node:path";

/** The folder with the data sets that are not in the repository; without it their tests are skipped. */
export const mirror = process.env.STARLIT_MIRROR;

/** `describe` for tests that need the mirror. */
export const describeWithMirror = mirror ? describe : describe.skip;

/** What a script of test/golden wrote. */
export function golden<T>(name: string): T {
  return JSON.parse(fs.readFileSync(path.join(__dirname, "golden", `${name}.json`), "utf8")) as T;
}
