import * as path from "node:path";
import { root } from "./kernel/kernel";
import { type Notebook, readNotebook, readNotebooks } from "./notebooks/cells";
import { callsOf, importedModules, typeErrors } from "./notebooks/typecheck";

jest.setTimeout(180_000);

const chapters = readNotebooks(path.join(root, "notebooks"));
const solutions = readNotebooks(path.join(root, "notebooks/solutions"));
const notebooks = [
  ...chapters,
  ...solutions.map((notebook) => ({ ...notebook, name: `solutions of ${notebook.name}` })),
];
const small = readNotebook(path.join(root, "test/fixtures/notebooks/small.ipynb"));

const failing = (notebook: Notebook, complaint: (cell: Notebook["code"][number]) => unknown) =>
  notebook.code.flatMap((cell, i) => (complaint(cell) ? [`cell ${i + 1}`] : []));

test("there are notebooks", () => {
  expect(notebooks.length).toBeGreaterThan(0);
});

test("their code passes the strict type check against the library", () => {
  expect(typeErrors([...notebooks, small])).toEqual([]);
});

test("the type check finds an error, and names its cell and line", () => {
  const [first, ...rest] = small.code;
  const broken = { ...first, source: "const one = 1;\nnoSuchFunction(one);" };
  const notebook = { ...small, name: "broken.ipynb", code: [broken, first, ...rest] };
  expect(typeErrors([notebook])).toEqual([
    "broken.ipynb, cell 1, line 2: Cannot find name 'noSuchFunction'.",
  ]);
});

for (const notebook of notebooks) {
  describe(notebook.name, () => {
    test("uses the library by its name alone, and Node", () => {
      const others = importedModules(notebook).filter((name) => !/^(starlit$|node:)/.test(name));
      expect(others).toEqual([]);
    });

    test("was run from top to bottom, in the full profile, with our kernel", () => {
      expect(notebook.code.map((cell) => cell.execution_count)).toEqual(
        notebook.code.map((_cell, i) => i + 1),
      );
      expect(notebook.metadata.starlit).toMatchObject({ profile: "full" });
      expect(notebook.metadata.kernelspec?.name).toBe("tslab");
    });

    test("has outputs, and no errors but those that are shown on purpose", () => {
      expect(notebook.code.some(({ outputs }) => outputs.length > 0)).toBe(true);
      expect(
        failing(notebook, ({ outputs }) => outputs.some(({ name }) => name === "stderr")),
      ).toEqual([]);
      const unexpected = ({ outputs, metadata }: Notebook["code"][number]) =>
        outputs.some((output) => output.output_type === "error") &&
        !metadata.tags?.includes("raises-exception");
      expect(failing(notebook, unexpected)).toEqual([]);
    });

    test("shows no training that has yet to be made", () => {
      const isMissing = ({ outputs }: Notebook["code"][number]) =>
        /not trained yet/.test(JSON.stringify(outputs));
      expect(failing(notebook, isMissing)).toEqual([]);
    });

    test("says in words what each picture shows", () => {
      const pictures = notebook.code
        .flatMap(({ outputs }) => outputs)
        .filter(({ data }) => data?.["image/png"]);
      for (const { data } of pictures) {
        expect(String([data?.["text/plain"]].flat().join("")).length).toBeGreaterThan(20);
      }
    });

    test("has pictures that fit a page", () => {
      const sizes = notebook.code
        .flatMap(({ outputs }) => outputs)
        .flatMap(({ metadata, data }) => (data?.["image/png"] ? [metadata?.["image/png"]] : []));
      for (const size of sizes) {
        // In CSS pixels; the picture itself has twice as many.
        expect(size!.width).toBeLessThanOrEqual(900);
        expect(size!.height).toBeLessThanOrEqual(720);
      }
    });

    test("names no folder of the machine it was run on", () => {
      expect(notebook.text).not.toContain(root + path.sep);
      expect(notebook.text).not.toMatch(/"[^"]*(\/home\/|\/Users\/|\/root\/)[^"]*"/);
    });

    test("has cells that can be read at a glance", () => {
      const lines = ({ source }: Notebook["code"][number]) => source.split("\n");
      expect(failing(notebook, (cell) => lines(cell).length > 20)).toEqual([]);
      const isWide = (cell: Notebook["code"][number]) =>
        lines(cell).some((line) => line.length > 100);
      expect(failing(notebook, isWide)).toEqual([]);
      expect(notebook.cells[0].source).toMatch(/^# /);
    });
  });
}

const saidIn = ({ code }: Notebook) =>
  code
    .flatMap(({ outputs }) => outputs)
    .filter(({ output_type }) => output_type === "display_data")
    .map(({ data }) => [data?.["text/plain"]].flat().join(""))
    .filter((text) => /^(Right\.|Not yet tried\.)$/.test(text));

const withExercises = chapters.filter((chapter) => callsOf(chapter, "checkAnswer").length > 0);

test("each notebook with exercises has its solutions, and the other way round", () => {
  expect(withExercises.map(({ name }) => name)).toEqual(solutions.map(({ name }) => name));
});

test.each(withExercises.map((chapter) => [chapter.name, chapter] as const))(
  "%s: the notebook's own checks find each solution right",
  (name, chapter) => {
    const solved = solutions.find((solution) => solution.name === name)!;
    const checks = callsOf(chapter, "checkAnswer");
    expect(callsOf(solved, "checkAnswer")).toEqual(checks);
    expect(saidIn(solved)).toEqual(checks.map(() => "Right."));
  },
);
