import * as path from "node:path";
import * as ts from "typescript";
import { root } from "../kernel/kernel";
import type { Notebook } from "./cells";

const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts"],
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  esModuleInterop: true,
  skipLibCheck: true,
  types: ["node"],
};

interface Source {
  text: string;
  /** Number of the cell, from 1, and its first line in the text, from 0. */
  starts: { cell: number; line: number }[];
}

/** The code of a notebook as one module; each cell ends its last statement. */
function asModule(notebook: Notebook): Source {
  const starts: Source["starts"] = [];
  let text = "export {};\n";
  notebook.code.forEach(({ source }, i) => {
    starts.push({ cell: i + 1, line: text.split("\n").length - 1 });
    text += `${source}\n;\n`;
  });
  return { text, starts };
}

/** Type errors in the code of notebooks, as "NAME, cell 3, line 2: message". */
export function typeErrors(notebooks: readonly Notebook[]): string[] {
  // Beside the notebooks, so that imports are found as the kernel finds them; .mts for `await`.
  const fileOf = ({ name }: Notebook) => path.join(root, "notebooks", `${name}.mts`);
  const sources = new Map(notebooks.map((notebook) => [fileOf(notebook), asModule(notebook)]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file)?.text ?? readFile(file);
  host.getCurrentDirectory = () => root;
  const program = ts.createProgram([...sources.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    const { file, start = 0 } = diagnostic;
    if (!file) return message;
    const at = file.getLineAndCharacterOfPosition(start).line;
    const starts = sources.get(file.fileName)?.starts ?? [];
    const { cell, line } = [...starts].reverse().find((each) => each.line <= at) ?? {
      cell: 0,
      line: 0,
    };
    return `${path.basename(file.fileName, ".mts")}, cell ${cell}, line ${at - line + 1}: ${message}`;
  });
}

/** The modules that the code of a notebook imports. */
export function importedModules(notebook: Notebook): string[] {
  const { text } = asModule(notebook);
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** The calls of a function in a notebook, as they are written but for type arguments. */
export function callsOf(notebook: Notebook, name: string): string[] {
  const source = ts.createSourceFile(
    "notebook.mts",
    asModule(notebook).text,
    options.target!,
    true,
  );
  const calls: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isCallExpression(node) && node.expression.getText() === name) {
      calls.push(node.arguments.map((argument) => argument.getText()).join(", "));
    }
    node.forEachChild(visit);
  };
  visit(source);
  return calls;
}
