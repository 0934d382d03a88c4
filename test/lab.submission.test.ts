import type * as Modules from "./fixtures/submissions/modules";

const { answersOf, isEmpty, remarksOn } =
  require("../scripts/lab/submission.cjs") as typeof Modules;
const { blanksOf, readNotebook, studentNotebook } =
  require("../scripts/lab/notebook.cjs") as typeof Modules;
const { compileFault, missingNames } = require("../scripts/lab/words.cjs") as typeof Modules;
const { csvHeader, csvRow, csvText, plain, progressLine, submissionText } =
  require("../scripts/lab/report.cjs") as typeof Modules;

const START = (item: string) => `// --- START CODE HERE (${item})`;
const END = "// --- END CODE HERE";

/** A code cell of these lines, named as Jupyter would. */
function cell(id: string, ...lines: string[]): Modules.Cell {
  return { cell_type: "code", id, metadata: {}, source: lines.join("\n") };
}

const codes = (cells: Modules.Cell[], items = ["01", "02"]) =>
  Object.fromEntries([...answersOf({ cells }, items)].map(([item, { code }]) => [item, code]));

describe("the code of the blanks", () => {
  test("is found by its number, in whatever order the cells stand", () => {
    const cells = [
      cell("b", "let y;", START("02"), "y = 2;", END),
      cell("a", "let x;", START("01"), "  x = 1;", "x++;", END, "after"),
    ];
    expect(codes(cells)).toEqual({ "01": "  x = 1;\nx++;", "02": "y = 2;" });
  });

  test("goes on in the next cells where a student split one", () => {
    const cells = [cell("a", START("01"), "x = 1;"), cell("c", "x = 2;"), cell("d", "x++;", END)];
    expect(codes(cells)).toEqual({ "01": "x = 1;\nx = 2;\nx++;" });
  });

  test("ends with its cell where the END marker is lost", () => {
    const cells = [cell("a", START("01"), "x = 1;"), cell("b", START("02"), "y = 2;", END)];
    expect(codes(cells)).toEqual({ "01": "x = 1;", "02": "y = 2;" });
  });

  test("is the whole cell where both markers are lost, found by the names of Jupyter and nbgrader", () => {
    const named = cell("kx3", "let y;", "y = 2;");
    named.metadata.nbgrader = { grade_id: "blank-02" };
    const answers = answersOf({ cells: [cell("blank-01", "x = 1;"), named] }, ["01", "02", "03"]);
    expect([...answers]).toEqual([
      ["01", { code: "x = 1;", whole: true }],
      ["02", { code: "let y;\ny = 2;", whole: true }],
    ]);
  });

  test("is what stands in nbgrader's own blank", () => {
    const lines = ["// --- START CODE HERE", "// YOUR CODE HERE", "x = 1;", END, "x;"];
    expect(codes([cell("blank-01", ...lines)])).toEqual({ "01": "// YOUR CODE HERE\nx = 1;" });
    expect(isEmpty('// YOUR CODE HERE\nthrow new Error("not implemented");')).toBe(true);
  });

  test("is the last one written where a cell was copied, and that is told", () => {
    const cells = [
      cell("a", START("01"), "x = 1;", END),
      cell("b", START("01"), "x = 3;", END),
      cell("c", START("01"), "// to do", "/* later", "*/", END),
    ];
    expect(codes(cells)).toEqual({ "01": "x = 3;" });
    expect(remarksOn({ cells }, { cells: [] }, ["01"])).toEqual([
      "Item 01 was answered 2 times: the last one counts.",
    ]);
  });

  test("survives cells that are none", () => {
    const cells = [null, 3, { cell_type: "code" }] as unknown as Modules.Cell[];
    expect(codes(cells)).toEqual({});
  });
});

test("a student's notebook: blanks emptied, outputs gone, the project's own cells left out", () => {
  const own = cell("own", "saveResults();");
  own.metadata.starlit = { role: "project" };
  const solved = { ...cell("a", "// Hint", START("01"), "x = 1;", END, "x;"), outputs: [{}] };
  const source = { cells: [solved, own, { ...cell("m", "text"), cell_type: "markdown" }] };
  const { cells } = studentNotebook(source);
  expect(cells.map(({ id }) => id)).toEqual(["a", "m"]);
  expect(cells[0]).toMatchObject({ outputs: [], execution_count: null });
  expect([cells[0].source].flat().join("")).toBe(`// Hint\n${START("01")}\n\n${END}\nx;`);
  expect(solved.outputs).toHaveLength(1);
  expect(blanksOf("no blank")).toEqual([]);
});

test("reports: reasons said once with what they cost, and fields that a spreadsheet takes as text", () => {
  const criterion = (points: number, why: string) => ({ id: "", what: "", points, max: 2, why });
  const graded: Modules.Graded = {
    file: '=HYPERLINK("x"),.ipynb',
    points: 2,
    max: 6,
    seconds: 4.2,
    remarks: [],
    items: [
      {
        item: "01",
        title: "Pad",
        points: 2,
        max: 6,
        criteria: [criterion(2, ""), criterion(0, "No."), criterion(0, "No.")],
      },
    ],
  };
  const header = csvHeader([{ item: "01" }]);
  expect(csvText([header, csvRow(graded, header)])).toBe(
    'file,points,max,01,why,signature\n"\'=HYPERLINK(""x""),.ipynb",2,6,2,(01) No.,\n',
  );
  expect(submissionText(graded).split("\n").slice(1)).toEqual([
    "  (01) Pad                              2 / 6",
    "       −4  No.",
  ]);
  const progress = [progressLine(graded, 2, 8, 40), progressLine(graded, 8, 8, 150)];
  expect(progress.map((line) => line.replace(graded.file, "x"))).toEqual([
    "2/8  x  2 / 6  4 s  (about 2 min left)",
    "8/8  x  2 / 6  4 s  (all in 3 min)",
  ]);
});

test.each([
  [
    2304,
    "Cannot find name 'padd'.",
    /^The cell does not compile, in line 2 of your code \(x = padd\(\);\): padd is not known/,
  ],
  [2552, "Cannot find name 'padd'. Did you mean 'pad'?", /padd is not known there, pad is\.$/],
  [
    2451,
    "Cannot redeclare block-scoped variable 'x'.",
    /x is declared in the cell's first line: write it without const/,
  ],
  [
    2740,
    "Type 'number' is missing the following properties from type 'ArrayLike<number>': length, concat, join, slice, and 20 more.",
    /: a ArrayLike<number> belongs there, and this is a number\.$/,
  ],
  [
    2739,
    "Type 'LayersModel' is missing the following properties from type 'Sequential': model, add",
    /a Sequential belongs there, and this is a LayersModel\.$/,
  ],
  [
    2551,
    "Property 'sequentail' does not exist on type 'typeof import(\"/home/me/tf\")'. Did you mean 'sequential'?",
    /: a module has no sequentail: sequential is meant\.$/,
  ],
  [
    2561,
    "Object literal may only specify known properties, but 'maxLen' does not exist in type 'PadOptions'. Did you mean to write 'maxlen'?",
    /there is no option maxLen: maxlen is meant\.$/,
  ],
  [1005, "',' expected.", /a slip of writing: ',' expected\./],
])("TypeScript's complaint %i is told in a student's words", (code, text, words) => {
  const source = "let x;\n// START\ny;\nx = padd();\n// END";
  const told = compileFault(
    [
      { line: 3, code, text },
      { line: 3, code, text },
    ],
    { source, before: 2 },
  );
  expect(told).toMatch(words);
  expect(told.length).toBeLessThan(200);
});

test("names that a cell does not know", () => {
  const problems = [
    { line: 0, code: 2304, text: "Cannot find name 'a'." },
    { line: 0, code: 18004, text: "No value exists in scope for the shorthand property 'b'." },
    { line: 0, code: 2322, text: "Type 'c' is not assignable to type 'd'." },
  ];
  expect(missingNames(problems)).toEqual(["a", "b"]);
});

test("what a file holds is read within bounds", () => {
  const read = (text: string) => readNotebook(Buffer.from(text)).cells;
  const odd = { cell_type: "code", id: 3, source: { a: 1 }, metadata: { nbgrader: [] } };
  expect(read(`\uFEFF${JSON.stringify({ cells: [odd, null, { cell_type: "raw" }] })}`)).toEqual([
    { cell_type: "code", id: "", grade: "", source: "" },
  ]);
  expect(() => read("[]")).toThrow("not a Jupyter notebook");
  const long = { cell_type: "code", source: ["x".repeat(1e6), "x"] };
  expect(() => read(JSON.stringify({ cells: [long] }))).toThrow("1000001 characters of code");
});

test("texts are plain: no commands to a terminal, no letters in another order", () => {
  expect(plain("a\u001b[31mred\u001b[0m\u009b2J\r\n\u202Etxt.\u2028\ud800")).toBe(
    "ared  \uFFFDtxt.␤\uFFFD",
  );
});

test("a text that is made to be slow to read is read all the same", () => {
  const texts = [
    (n: number) => "/* ".repeat(n),
    (n: number) => "/**/ // ".repeat(n),
    (n: number) => `${START("01")}\nx\n`.repeat(n),
    (n: number) => `${START("01")}\n${END}\n`.repeat(n),
    (n: number) => `// --- START CODE HERE\n// --- END CODE HERE\n`.repeat(n),
  ];
  for (const text of texts) {
    // A thousand times what a person writes; where the time went with its square this took hours.
    const cells = [cell("blank-01", text(100_000))];
    answersOf({ cells }, ["01", "02"]);
    remarksOn({ cells }, { cells: [] }, ["01"]);
    expect(isEmpty(text(100_000))).toBe(!text(1).includes("x\n"));
  }
});
