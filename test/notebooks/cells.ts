import * as fs from "node:fs";
import * as path from "node:path";

/** An output of a cell, as far as the tests look into it. */
export interface Output {
  output_type: "stream" | "display_data" | "execute_result" | "error";
  name?: "stdout" | "stderr";
  data?: Record<string, unknown>;
  metadata?: { "image/png"?: { width: number; height: number } };
}

export interface Cell {
  cell_type: "code" | "markdown" | "raw";
  metadata: { tags?: string[] };
  source: string;
  execution_count?: number | null;
  outputs: Output[];
}

export interface Notebook {
  name: string;
  metadata: { kernelspec?: { name: string }; starlit?: { profile: string } };
  cells: Cell[];
  /** The cells with code in them. */
  code: Cell[];
  text: string;
}

const lines = (source: string | string[]) => [source].flat().join("");

export function readNotebook(file: string): Notebook {
  const text = fs.readFileSync(file, "utf8");
  const { cells: raw, metadata } = JSON.parse(text) as {
    cells: (Omit<Cell, "source"> & { source: string | string[] })[];
    metadata: Notebook["metadata"];
  };
  const cells = raw.map((cell) => ({
    ...cell,
    source: lines(cell.source),
    outputs: cell.outputs ?? [],
  }));
  const code = cells.filter(({ cell_type, source }) => cell_type === "code" && source.trim());
  return { name: path.basename(file), metadata, cells, code, text };
}

/** Notebooks of a folder, in the order of their names. */
export function readNotebooks(folder: string): Notebook[] {
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
  return names.sort().map((name) => readNotebook(path.join(folder, name)));
}
