import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { errors, type Message, play, printed, type Request, result, venv } from "./kernel/kernel";

// Each scenario starts a kernel, some compile against the whole library.
jest.setTimeout(180_000);

const plain = (traceback: unknown) =>
  (traceback as string[]).map((line) => line.replace(/\x1b\[\d+m/g, ""));

describe("errors", () => {
  let requests: Request[];
  beforeAll(() => {
    ({ requests } = play([
      {
        execute:
          "function far(limit: number) {\n\n  throw new RangeError(`beyond ${limit}`);\n}\nfar(3);",
      },
      { execute: "const price: string = 3;\nconst size: number = 'L';" },
      { execute: "throw 42" },
      { execute: "await Promise.reject(new Error('outer', { cause: new TypeError('inner') }))" },
      {
        execute:
          "import { StarlitError } from 'starlit';\nthrow new StarlitError('Do this instead.')",
      },
      { execute: "require('fs').readFileSync('no-such-file')" },
      { execute: "'still here'" },
    ]));
  });

  test("a thrown error is an `error` output and an error reply with the same content", () => {
    const [content] = errors(requests[0]);
    expect(content).toMatchObject({ ename: "RangeError", evalue: "beyond 3" });
    expect(requests[0].reply).toMatchObject({ type: "execute_reply", status: "error", ...content });
    expect(printed(requests[0], "stderr")).toBe("");
  });

  test("the traceback shows the cell's code and no frame of the kernel", () => {
    expect(plain(errors(requests[0])[0].traceback)).toEqual([
      "RangeError: beyond 3",
      "Cell [1], line 3:",
      "  1 | function far(limit: number) {",
      "  2 |",
      "> 3 |   throw new RangeError(`beyond ${limit}`);",
      "    |         ^",
      "  4 | }",
      "  5 | far(3);",
      "    at far (Cell [1]:3:9)",
      "    at Cell [1]:5:1",
    ]);
  });

  test("type errors are errors, and the cell does not run", () => {
    const [content] = errors(requests[1]);
    expect(content.ename).toBe("TypeScriptError");
    expect(content.evalue).toBe("line 1: a string belongs there, and this is a number.");
    expect(plain(content.traceback)).toEqual([
      "TypeScriptError: a string belongs there, and this is a number.",
      "  Type 'number' is not assignable to type 'string'.",
      "Cell [2], line 1:",
      "> 1 | const price: string = 3;",
      "    |       ^^^^^",
      "  2 | const size: number = 'L';",
      "TypeScriptError: a number belongs there, and this is a string.",
      "  Type 'string' is not assignable to type 'number'.",
      "Cell [2], line 2:",
      "  1 | const price: string = 3;",
      "> 2 | const size: number = 'L';",
      "    |       ^^^^",
    ]);
  });

  test("what is thrown need not be an Error", () => {
    expect(errors(requests[2])[0]).toMatchObject({ ename: "Thrown", evalue: "42" });
  });

  test("causes are told", () => {
    const told = plain(errors(requests[3])[0].traceback);
    expect(told[0]).toBe("Error: outer");
    expect(told).toContain("cause: TypeError: inner");
  });

  test("the library's own errors are one sentence, and the line that it is about", () => {
    expect(plain(errors(requests[4])[0].traceback)).toEqual([
      "StarlitError: Do this instead.",
      "Cell [5], line 2:",
      "  1 | import { StarlitError } from 'starlit';",
      "> 2 | throw new StarlitError('Do this instead.')",
      "    |       ^",
    ]);
  });

  test("frames of Node are left out", () => {
    expect(plain(errors(requests[5])[0].traceback)).toEqual([
      "Error: ENOENT: no such file or directory, open 'no-such-file'",
      "Cell [6], line 1:",
      "> 1 | require('fs').readFileSync('no-such-file')",
      "    |               ^",
    ]);
  });

  test("the next cell runs", () => {
    expect(result(requests[6])).toBe("'still here'");
  });
});

describe("requests sent ahead", () => {
  let requests: Request[];
  beforeAll(() => {
    ({ requests } = play([
      { execute: "console.log('before'); throw new Error('stop here')", wait: false },
      { execute: "console.log('must not run')", wait: false },
      { execute: "console.log('nor this')" },
      { execute: "console.log('sent after the reply')" },
      { execute: "throw new Error('go on')", stopOnError: false, wait: false },
      { execute: "console.log('runs')", stopOnError: false },
    ]));
  });

  test("an error aborts what was sent ahead, and nothing sent later", () => {
    expect(requests.slice(0, 4).map(({ reply }) => reply?.status)).toEqual([
      "error",
      "aborted",
      "aborted",
      "ok",
    ]);
    expect(requests.slice(0, 4).map((request) => printed(request))).toEqual([
      "before\n",
      "",
      "",
      "sent after the reply\n",
    ]);
  });

  test("without stop_on_error the next cell runs", () => {
    expect(requests.slice(4).map(({ reply }) => reply?.status)).toEqual(["error", "ok"]);
    expect(printed(requests[5])).toBe("runs\n");
  });
});

describe("outputs and status", () => {
  let requests: Request[];
  beforeAll(() => {
    ({ requests } = play([
      { execute: "for (let i = 0; i < 20000; i++) console.log('line ' + i);", wait: false },
      {
        execute:
          "const pause = (ms: number) => new Promise((r) => setTimeout(r, ms));\nawait pause(300); console.log('late')",
        wait: false,
      },
      { request: "kernel_info_request" },
      { execute: "console.log('a'); console.error('b'); console.log('c')" },
      { request: "history_request" },
      { request: "comm_info_request" },
      { request: "unknown_request" },
      {
        execute:
          "process.stdout.write('written', () => console.log(' and told'));\nawait pause(10)",
      },
      { execute: "console.log({ deep: [1] }, process.stdout.isTTY)" },
      // As a long training does: it redraws its progress for minutes.
      {
        execute:
          "import { displayBundle } from 'starlit';\n" +
          "for (let i = 0; i < 1500; i++) displayBundle({ 'text/plain': `step ${i}` }, { id: 'x', update: i > 0 });",
      },
    ]));
  });

  test("1,500 updates of a display all arrive, in order", () => {
    const shown = requests.at(-1)!.iopub.filter(({ type }) => type.endsWith("display_data"));
    const texts = shown.map(
      ({ content }) => (content.data as Record<string, string>)["text/plain"],
    );
    expect(texts).toEqual(Array.from({ length: 1500 }, (_, i) => `step ${i}`));
  });

  test("20,000 lines printed at once all arrive, in order, in few messages", () => {
    const lines = printed(requests[0]).split("\n");
    expect(lines).toHaveLength(20_001);
    expect(lines.every((line, i) => line === (i < 20_000 ? `line ${i}` : ""))).toBe(true);
    expect(requests[0].iopub.length).toBeLessThan(200);
  });

  test("every request is one busy and one idle, and none starts before the last one ended", () => {
    for (const { iopub } of requests) {
      const states = iopub
        .filter(({ type }) => type === "status")
        .map(({ content }) => content.execution_state);
      expect(states).toEqual(["busy", "idle"]);
      expect(iopub[0].type).toBe("status");
      expect(iopub.at(-1)?.type).toBe("status");
    }
    expect(printed(requests[1])).toBe("late\n");
  });

  test("cells are announced and counted", () => {
    const cells = requests.filter(({ type }) => type === "execute_request");
    expect(cells.map(({ reply }) => reply?.execution_count)).toEqual([1, 2, 3, 4, 5, 6]);
    const inputs = cells.map(
      ({ iopub }) => iopub.find(({ type }) => type === "execute_input") as Message,
    );
    expect(inputs.map(({ content }) => content.execution_count)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(inputs[2].content.code).toBe("console.log('a'); console.error('b'); console.log('c')");
  });

  test("stdout and stderr keep their order", () => {
    const streams = requests[3].iopub.filter(({ type }) => type === "stream");
    expect(streams.map(({ content }) => [content.name, content.text])).toEqual([
      ["stdout", "a\n"],
      ["stderr", "b\n"],
      ["stdout", "c\n"],
    ]);
  });

  test("the kernel tells what it is", () => {
    expect(requests[2].reply).toMatchObject({
      status: "ok",
      implementation: "tslab",
      language_info: { name: "typescript", file_extension: ".ts", version: "5.9.3" },
    });
  });

  test("requests that it does not serve leave no trace in a cell", () => {
    expect(requests[4].reply).toMatchObject({ type: "history_reply", history: [] });
    expect(requests[5].reply).toMatchObject({ type: "comm_info_reply", comms: {} });
    for (const request of requests.slice(4, 7)) {
      expect(request.iopub.map(({ type }) => type)).toEqual(["status", "status"]);
    }
  });

  test("a write is called back", () => {
    expect(printed(requests[7])).toContain("written and told\n");
  });

  test("a terminal behind the kernel colours nothing", () => {
    expect(printed(requests[8])).toBe("{ deep: [ 1 ] } false\n");
  });
});

describe("interrupt", () => {
  let requests: Request[];
  let alive: boolean;
  beforeAll(() => {
    ({ requests, alive } = play([
      { execute: "console.log('spinning'); while (true) {}", wait: false },
      { untilPrinted: "spinning" },
      { interrupt: true },
      { untilDone: true },
      { execute: "console.log('waiting'); await new Promise(() => {})", wait: false },
      { untilPrinted: "waiting" },
      { interrupt: true },
      { untilDone: true },
      {
        execute: `
          import { fit, tf } from "starlit";
          const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
          const x = { data: new Float32Array(2000), shape: [1000, 2] };
          const y = { data: new Float32Array(1000), shape: [1000, 1] };
          const { ended, history } = await fit(model, { x: x, y: y }, { epochs: 1e6, loss: "meanSquaredError" });
          console.log("ended by", ended, "with", Object.keys(history));`,
        wait: false,
      },
      { untilPrinted: " left)" },
      { execute: "console.log('the history is here:', history.loss.length > 0)", wait: false },
      { interrupt: true },
      { untilDone: true },
      { interrupt: true },
      { execute: "'idle interrupts do nothing'" },
    ]));
  });

  test.each([0, 1])("a cell without a loop of the library ends with an error (%i)", (i) => {
    expect(errors(requests[i])[0].ename).toBe("Interrupted");
    expect(requests[i].reply?.status).toBe("error");
  });

  test("a training ends by itself and keeps its history; the next cell runs", () => {
    expect(requests[2].reply?.status).toBe("ok");
    expect(printed(requests[2])).toBe("ended by interrupt with [ 'loss' ]\n");
    expect(printed(requests[3])).toBe("the history is here: true\n");
  });

  test("the kernel lives", () => {
    expect(result(requests.at(-1) as Request)).toBe("'idle interrupts do nothing'");
    expect(alive).toBe(true);
  });
});

describe("comfort", () => {
  const hover = "import { tf, profile } from 'starlit';\nprofile";
  let requests: Request[];
  let alive: boolean;
  beforeAll(() => {
    ({ requests, alive } = play([
      { execute: "import { profile } from 'starlit';\nconst price = 3;" },
      { complete: "price.toF", at: 9 },
      { complete: "profil", at: 6 },
      { complete: "'😀'; price.toF", at: 14 },
      { inspect: hover, at: hover.length },
      { inspect: "price", at: 2 },
      { request: "complete_request" },
      {
        execute:
          "Promise.reject(new Error('nobody awaits'));\nawait new Promise((r) => setTimeout(r, 50));",
      },
      {
        execute:
          "setTimeout(() => { throw new Error('later') });\nawait new Promise((r) => setTimeout(r, 50));",
      },
      { execute: "'alive'" },
    ]));
  });

  test("names complete", () => {
    expect(requests[1].reply).toMatchObject({
      matches: ["toFixed"],
      cursor_start: 6,
      cursor_end: 9,
    });
    expect(requests[2].reply?.matches).toContain("profile");
  });

  test("cursors count code points", () => {
    expect(requests[3].reply).toMatchObject({
      matches: ["toFixed"],
      cursor_start: 11,
      cursor_end: 14,
    });
  });

  test("hover shows the type and the documentation of an export", () => {
    const text = (requests[4].reply?.data as Record<string, string>)["text/plain"];
    expect(text).toContain("function profile(): ");
    expect(text).toContain("The profile of this process");
    expect((requests[5].reply?.data as Record<string, string>)["text/plain"]).toContain(
      "const price: 3",
    );
  });

  test("a request that makes no sense is answered with an error", () => {
    expect(requests[6].reply).toMatchObject({ type: "complete_reply", status: "error" });
  });

  test("errors that nobody waits for are told, and the kernel goes on", () => {
    expect(printed(requests[7], "stderr")).toMatch(/^Not awaited: Error: nobody awaits/);
    expect(printed(requests[8], "stderr")).toMatch(/^Error: later/);
    expect(result(requests[9])).toBe("'alive'");
    expect(alive).toBe(true);
  });
});

test("the kernelspec is whole where `jupyter kernelspec install` copies it, as VS Code reads it", () => {
  const prefix = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-kernelspec-"));
  try {
    const spec = path.join(venv, "share/jupyter/kernels/tslab");
    execFileSync(
      path.join(venv, "bin/jupyter"),
      ["kernelspec", "install", "--prefix", prefix, spec],
      { stdio: "pipe" },
    );
    const copy = path.join(prefix, "share/jupyter/kernels/tslab/kernel.json");
    const { argv, ...rest } = JSON.parse(fs.readFileSync(copy, "utf8")) as { argv: string[] };
    expect(rest).toMatchObject({
      display_name: "TypeScript",
      language: "typescript",
      interrupt_mode: "message",
    });
    // Both lie where they lay, so that it does not matter from where the copy is started.
    expect([argv[0], argv[2]].every((file) => path.isAbsolute(file) && fs.existsSync(file))).toBe(
      true,
    );
    expect(argv).toContain("{connection_file}");
  } finally {
    fs.rmSync(prefix, { recursive: true });
  }
});

describe("the end", () => {
  test("a loop that was left running does not keep the process", () => {
    const { requests, shutdown } = play([{ execute: "setInterval(() => {}, 10);\n'left'" }]);
    expect(result(requests[0])).toBe("'left'");
    expect(shutdown).toBeLessThan(3);
  });
});

describe("TensorFlow", () => {
  test("starting it prints nothing into the cell", () => {
    const { requests } = play([
      {
        execute:
          "import { tf } from 'starlit';\nconsole.log(tf.matMul([[1, 2]], [[3], [4]]).dataSync());",
      },
    ]);
    expect(printed(requests[0], "stderr")).toBe("");
    expect(printed(requests[0])).toBe("Float32Array(1) [ 11 ]\n");
  });
});
