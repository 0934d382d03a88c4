import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import type { Locator, Page } from "playwright-core";
import { root } from "../kernel/kernel";

const token = "test";

/** A running `npm start`, whose files are those of a folder made for the test. */
export interface Lab {
  port: number;
  folder: string;
  /** The address under which a notebook of the folder opens. */
  address(notebook: string): string;
  /** Presses Ctrl-C; resolves to the exit code. */
  stop(): Promise<number | null>;
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts JupyterLab as `npm start` does, on copies of notebooks inside the clone. */
export async function startLab(notebooks: Record<string, string>): Promise<Lab> {
  fs.mkdirSync(path.join(root, ".setup"), { recursive: true });
  const folder = fs.mkdtempSync(path.join(root, ".setup", "lab-test-"));
  for (const [name, text] of Object.entries(notebooks))
    fs.writeFileSync(path.join(folder, name), text);
  const pictures = "pictures"; // beside the notebooks, which show them
  fs.cpSync(path.join(root, "notebooks", pictures), path.join(folder, pictures), {
    recursive: true,
  });
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [
      path.join(root, "scripts/lab.mjs"),
      "--no-browser",
      `--port=${port}`,
      "--ServerApp.port_retries=0",
      `--IdentityProvider.token=${token}`,
      `--ServerApp.root_dir=${folder}`,
      "--LabApp.expose_app_in_browser=True",
    ],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      env: { ...process.env, STARLIT_PROFILE: "quick" },
    },
  );
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  try {
    await untilItAnswers(child, port);
  } catch (error) {
    if (child.exitCode === null) process.kill(-(child.pid as number), "SIGKILL");
    fs.rmSync(folder, { recursive: true });
    throw error;
  }
  return {
    port,
    folder,
    address: (notebook) => `http://127.0.0.1:${port}/lab/tree/${notebook}?reset&token=${token}`,
    async stop() {
      // To the whole group, as a terminal does.
      if (child.exitCode === null) process.kill(-(child.pid as number), "SIGINT");
      const code = await ended;
      fs.rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}

async function untilItAnswers(child: ChildProcess, port: number): Promise<void> {
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (data) => (said += String(data)));
  for (let i = 0; i < 600; i++) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/status?token=${token}`).catch(
      () => null,
    );
    if (answer?.ok) return;
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`JupyterLab did not start:\n${said.slice(-2000)}`);
}

/** What the tests read of a code cell in JupyterLab's model; the page shows only cells near the screen. */
export interface CellState {
  state: string;
  count: number | null;
  outputs: { type: string; name?: string; text: string }[];
}

/** JupyterLab, as `expose_app_in_browser` shows it, as far as it is used here. */
interface App {
  shell: { currentWidget: NotebookPanel };
}
interface NotebookPanel {
  model: { cells: Iterable<CellModel> };
  content: { scrollToItem(index: number, align: "start"): Promise<void> };
  sessionContext: { session: { kernel: { status: string } | null } | null };
}
interface CellModel {
  type: string;
  executionState: string;
  executionCount: number | null;
  outputs: { toJSON(): OutputJson[] };
}
interface OutputJson {
  output_type: string;
  name?: string;
  text?: string | string[];
  data?: Record<string, string | string[]>;
}

/** The code cells of the open notebook. */
export function cellStates(page: Page): Promise<CellState[]> {
  return page.evaluate(() => {
    const { shell } = (globalThis as unknown as { jupyterapp: App }).jupyterapp;
    const cells = [...shell.currentWidget.model.cells].filter(({ type }) => type === "code");
    return cells.map(({ executionState, executionCount, outputs }) => ({
      state: executionState,
      count: executionCount,
      outputs: outputs.toJSON().map(({ output_type, name, text, data }) => ({
        type: output_type,
        name,
        text: [text ?? data?.["text/plain"] ?? ""].flat().join(""),
      })),
    }));
  });
}

/** Waits until `enough` holds for the cells. */
export async function untilCells(
  page: Page,
  enough: (cells: CellState[]) => boolean | Promise<boolean>,
  seconds = 60,
): Promise<CellState[]> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    const cells = await cellStates(page);
    if (await enough(cells)) return cells;
    await page.waitForTimeout(100);
  }
  const dialogs = await page.locator(".jp-Dialog").allInnerTexts();
  const cells = await cellStates(page);
  throw new Error(`The cells did not get there:\n${JSON.stringify({ dialogs, cells }, null, 1)}`);
}

/** Scrolls until a code cell's output is at the top of the screen; counts code cells from 0. */
export async function scrollToOutput(page: Page, cell: number): Promise<Locator> {
  const place = await page.evaluate(async (wanted) => {
    const { shell } = (globalThis as unknown as { jupyterapp: App }).jupyterapp;
    const { content, model } = shell.currentWidget;
    const cells = [...model.cells].map(({ type }, i) => ({ type, i }));
    const { i } = cells.filter(({ type }) => type === "code")[wanted];
    await content.scrollToItem(i, "start");
    return i;
  }, cell);
  const shown = page.locator(
    `.jp-NotebookPanel:not(.lm-mod-hidden) [data-windowed-list-index="${place}"]`,
  );
  const output = shown.locator(".jp-Cell-outputWrapper");
  await output.scrollIntoViewIfNeeded();
  return output;
}

/** Opens a notebook and waits until its kernel is ready. */
export async function openNotebook(page: Page, address: string): Promise<Locator> {
  await page.goto(address);
  const panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
  await panel.locator(".jp-Notebook .jp-Cell").first().waitFor({ timeout: 60_000 });
  await page.waitForFunction(
    () => {
      const { shell } = (globalThis as unknown as { jupyterapp: App }).jupyterapp;
      return shell.currentWidget.sessionContext.session?.kernel?.status === "idle";
    },
    undefined,
    { timeout: 60_000, polling: 100 },
  );
  return panel;
}

/** Run → Run All Cells, or another entry of that menu. */
export async function runMenu(page: Page, command: string): Promise<void> {
  await page.getByRole("menuitem", { name: "Run", exact: true }).click();
  await page.locator(`.lm-Menu-item[data-command="${command}"]`).click();
}
