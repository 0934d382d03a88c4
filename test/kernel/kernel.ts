import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

export const root = path.resolve(__dirname, "../..");

/** The Python environment that set-up made, or the conda environment in its place. */
export const venv =
  process.env.CONDA_DEFAULT_ENV === "starlit" && process.env.CONDA_PREFIX
    ? process.env.CONDA_PREFIX
    : path.join(root, ".venv");

/** One thing a client does; see drive.py. */
export type Step =
  | { execute: string; stopOnError?: boolean; wait?: boolean; silent?: boolean }
  | { complete: string; at: number }
  | { inspect: string; at: number }
  | { request: string }
  | { send: string; content: object }
  | { write: string; text: string }
  | { untilPrinted: string }
  | { untilAsked: true; answer: string }
  | { interrupt: true }
  | { untilDone: true };

export interface Message {
  type: string;
  content: Record<string, unknown>;
}

/** A request, its reply and what the kernel published while it served it, in order. */
export interface Request {
  type: string;
  reply: ({ type: string } & Record<string, unknown>) | null;
  iopub: Message[];
  /** What the kernel asked the reader meanwhile. */
  asked: Record<string, unknown>[];
  /** Seconds from sending it to its reply. */
  seconds: number;
}

export interface Played {
  requests: Request[];
  /** Whether the kernel lived until it was asked to end. */
  alive: boolean;
  /** Seconds it took to end; after 5 it is killed. */
  shutdown: number;
}

/** Starts a kernel through jupyter_client, in the notebooks' folder or another, and plays `steps` to it. */
export function play(steps: Step[], cwd = path.join(root, "notebooks")): Played {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-kernel-"));
  try {
    const printed = execFileSync(
      path.join(venv, "bin", "python"),
      [path.join(__dirname, "drive.py")],
      {
        input: JSON.stringify({ cwd, steps }),
        encoding: "utf8",
        maxBuffer: 64 * 1024 * 1024,
        stdio: ["pipe", "pipe", "pipe"],
        env: {
          ...process.env,
          JUPYTER_PATH: path.join(venv, "share", "jupyter"),
          JUPYTER_RUNTIME_DIR: home,
          JUPYTER_DATA_DIR: home,
          JUPYTER_CONFIG_DIR: home,
        },
      },
    );
    return JSON.parse(printed) as Played;
  } finally {
    fs.rmSync(home, { recursive: true, force: true });
  }
}

/** What a request printed on one stream. */
export function printed(request: Request, name: "stdout" | "stderr" = "stdout"): string {
  const streams = request.iopub.filter(
    ({ type, content }) => type === "stream" && content.name === name,
  );
  return streams.map(({ content }) => content.text).join("");
}

/** What the last line of a cell shows, as plain text; null where it shows nothing. */
export function result(request: Request): string | null {
  const found = request.iopub.find(({ type }) => type === "execute_result");
  return found ? (found.content.data as Record<string, string>)["text/plain"] : null;
}

/** The `error` outputs of a request. */
export function errors(request: Request): Message["content"][] {
  return request.iopub.filter(({ type }) => type === "error").map(({ content }) => content);
}
