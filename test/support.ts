import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** The folder with the data sets that are not in the repository; without it their tests are skipped. */
export const mirror = process.env.STARLIT_MIRROR;

/** `describe` for tests that need the mirror. */
export const describeWithMirror = mirror ? describe : describe.skip;

/** What a script of test/golden wrote. */
export function golden<T>(name: string): T {
  return JSON.parse(fs.readFileSync(path.join(__dirname, "golden", `${name}.json`), "utf8")) as T;
}

/** Expects numbers, or numbers at any depth of arrays, to be equal within `tolerance`. */
export function expectClose(actual: unknown, expected: unknown, tolerance = 1e-9): void {
  if (Array.isArray(expected)) {
    expect(actual).toHaveLength(expected.length);
    expected.forEach((value, i) => expectClose((actual as unknown[])[i], value, tolerance));
  } else if (Number.isNaN(expected)) {
    expect(actual).toBeNaN();
  } else {
    expect(Math.abs((actual as number) - (expected as number))).toBeLessThanOrEqual(tolerance);
  }
}

/**
 * A new folder for the tests of a file, with an empty data cache in it; runs that are stored are
 * taken. Environment and folder are put back after the last test.
 */
export function freshData(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-"));
  const environment = { ...process.env };
  beforeAll(() => {
    process.env.STARLIT_DATA = path.join(folder, "cache");
    delete process.env.STARLIT_FRESH;
  });
  afterAll(() => {
    process.env = environment;
    fs.rmSync(folder, { recursive: true });
  });
  return folder;
}
