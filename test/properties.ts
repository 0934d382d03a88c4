import * as fc from "fast-check";
import { StarlitError } from "../lib/src/engine/errors";

/**
 * How many times as many inputs as in `npm test`, and others each time: `npm run fuzz` sets it. A
 * failure tells its seed.
 */
const times = Number(process.env.STARLIT_FUZZ ?? 1);
if (times > 1) jest.setTimeout(3_600_000);

let inputs = 0;
afterAll(() => {
  if (times > 1) process.stderr.write(`${inputs} inputs\n`);
});

/** Parameters of `fc.assert`: so many inputs, the same in each `npm test`. */
export const inputsOf = (runs: number, seed: number) => {
  inputs += runs * times;
  return times > 1 ? { numRuns: runs * times } : { numRuns: runs, seed };
};

/** Expects that `body` holds of so many inputs: the same ones in each `npm test`. */
export function always<Inputs extends [unknown, ...unknown[]]>(
  runs: number,
  arbitraries: { [At in keyof Inputs]: fc.Arbitrary<Inputs[At]> },
  body: (...given: Inputs) => void,
  seed = 1,
): void {
  fc.assert(fc.property(...arbitraries, body), inputsOf(runs, seed));
}

/** The same where `body` has to be waited for. */
export function alwaysAsync<Inputs extends [unknown, ...unknown[]]>(
  runs: number,
  arbitraries: { [At in keyof Inputs]: fc.Arbitrary<Inputs[At]> },
  body: (...given: Inputs) => Promise<void>,
  seed = 1,
): Promise<void> {
  return fc.assert(fc.asyncProperty(...arbitraries, body), inputsOf(runs, seed));
}

/** What `act` gives, or the message of its StarlitError, one sentence; any other error is a fault. */
export function outcome<T>(act: () => T): T | string {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof StarlitError)) throw error;
    expect(error.message).not.toMatch(/\n/);
    return error.message;
  }
}

/** The same of what has to be waited for. */
export const outcomeOf = <T>(promise: Promise<T>): Promise<T | string> =>
  promise.catch((error: unknown) =>
    outcome<string>(() => {
      throw error;
    }),
  );

/** Texts of every kind: letters, signs, control characters, halves of pairs, what means something somewhere. */
export const anyText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc
    .array(fc.nat({ max: 0xffff }), { maxLength: 30 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    ..."__proto__ constructor toString hasOwnProperty valueOf length then NaN null undefined".split(
      " ",
    ),
    ..."$ $$ \\( </script> <!-- ]]> & ' \" ` ${x} {{x}} datum.x a.b[0] \\u0000 -- - . ... 1e9 0x1".split(
      " ",
    ),
  ),
);

/** Numbers of every kind. */
export const anyNumber = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, 1, -1, NaN, Infinity, -Infinity, 1e308, 5e-324, 2 ** 31, 2 ** 53, 0.1),
);
