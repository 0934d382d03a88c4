import { displayBundle, inNotebook } from "../lib/src/engine/display";

type Call = [{ data: Record<string, unknown>; transient: { display_id?: string } }, boolean];

function printed(body: () => void): string {
  let text = "";
  const write = jest.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    body();
  } finally {
    write.mockRestore();
  }
  return text;
}

test("outside a notebook the plain text goes to stdout", () => {
  expect(inNotebook()).toBe(false);
  expect(printed(() => displayBundle({ "text/html": "<b>a</b>", "text/plain": "a" }))).toBe("a\n");
});

test("in a notebook the whole bundle goes to the writer of the running cell", () => {
  const kernel = require("./fixtures/tslab/dist/jupyter") as { lastWriteDisplayData: unknown };
  const first: Call[] = [];
  const second: Call[] = [];
  kernel.lastWriteDisplayData = (...call: Call) => first.push(call);
  expect(inNotebook()).toBe(true);
  displayBundle({ "text/plain": "a" });
  kernel.lastWriteDisplayData = (...call: Call) => second.push(call);
  expect(printed(() => displayBundle({ "text/plain": "b" }, { id: "x", update: true }))).toBe("");
  expect(first).toEqual([[{ data: { "text/plain": "a" }, metadata: {}, transient: {} }, false]]);
  expect(second).toEqual([
    [{ data: { "text/plain": "b" }, metadata: {}, transient: { display_id: "x" } }, true],
  ]);
});
