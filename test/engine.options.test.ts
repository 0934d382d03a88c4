import { checkOptions, knownNames } from "../lib/src/engine";

const known = ["units", "returnSequences", "dropout", "recurrentDropout", "kernelInitializer"];

test.each([
  ["return_sequences", 'lstm has no option "return_sequences": did you mean "returnSequences"?'],
  ["returnsequences", 'lstm has no option "returnsequences": did you mean "returnSequences"?'],
  ["unit", 'lstm has no option "unit": did you mean "units"?'],
  ["droput", 'lstm has no option "droput": did you mean "dropout"?'],
  ["colour", `lstm has no option "colour": use ${known.join(", ")}.`],
])("an option nobody reads, %s, is refused", (name, message) => {
  expect(() => checkOptions("lstm", { [name]: 1 }, known)).toThrow(message);
});

test("known options pass, also undefined ones", () => {
  expect(() => checkOptions("lstm", { units: 4, dropout: undefined }, known)).not.toThrow();
});

test("a value is met with the nearest name, or with all", () => {
  expect(knownNames("makro", ["macro", "weighted", "micro"])).toBe('did you mean "macro"?');
  expect(knownNames("x", ["macro", "weighted"])).toBe("use macro, weighted.");
});
