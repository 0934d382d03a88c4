/// <reference lib="dom" />
import * as fs from "node:fs";
import * as path from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import {
  describeInBrowser,
  launch,
  screenshot,
  tooltipOver,
  watch,
  type Watch,
} from "./browser/chromium";
import {
  type CellState,
  type Lab,
  openNotebook,
  runMenu,
  scrollToOutput,
  startLab,
  untilCells,
} from "./browser/lab";
import { root } from "./kernel/kernel";

jest.setTimeout(240_000);

const small = fs.readFileSync(path.join(root, "test/fixtures/notebooks/small.ipynb"), "utf8");
const desk = notebookOf([
  "import { slider } from 'starlit';\nconst rate = slider({ label: 'rate', min: 0, max: 1, step: 0.1, value: 0.5 });\n" +
    "rate.onChange(({ value }) => display(`at ${value}`, { id: 'at', update: true }));\nrate",
  "display(`at ${rate.value}`, { id: 'at' });",
  "const limit = 3;\n/** Keeps a number below the limit. */\nfunction clamp(value: number, least = 0) { return Math.max(least, Math.min(value, limit)) }\nconst clampAll = (values: number[]) => values.map((value) => Math.min(value, limit));",
  "clamp(7)",
  "`hello ${await input('Name? ')}`",
]);
const endless = small.replace("EPOCHS ?? 30", "EPOCHS ?? 1e6");

const ran = (cells: CellState[]) =>
  cells.every(({ state, count }) => state === "idle" && count !== null);
const printed = (cells: CellState[]) =>
  cells.flatMap(({ outputs }) =>
    outputs.filter(({ type }) => type === "stream").map(({ text }) => text),
  );

/** A notebook with these cells. */
function notebookOf(cells: string[]): string {
  const code = { cell_type: "code", execution_count: null, metadata: {}, outputs: [] };
  return JSON.stringify({
    cells: cells.map((source, i) => ({ ...code, id: `cell-${i}`, source })),
    metadata: { kernelspec: { name: "tslab", display_name: "TypeScript", language: "typescript" } },
    nbformat: 4,
    nbformat_minor: 5,
  });
}

describeInBrowser("JupyterLab", () => {
  let lab: Lab;
  let browser: Browser;
  let page: Page;
  let seen: Watch;

  beforeAll(async () => {
    lab = await startLab({ "small.ipynb": small, "endless.ipynb": endless, "desk.ipynb": desk });
    browser = await launch();
    page = await browser.newPage({ viewport: { width: 1300, height: 1500 } });
    seen = await watch(page, (url) => url.hostname === "127.0.0.1" || url.protocol === "data:");
  });

  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  });

  describe("a notebook", () => {
    let panel: Locator;
    let numbers: string[];

    test("opens with its kernel, without a question", async () => {
      panel = await openNotebook(page, lab.address("small.ipynb"));
      expect(await panel.locator(".jp-KernelName").innerText()).toBe("TypeScript");
      await page.waitForTimeout(1000); // a dialog or a pop-up would come by now
      expect(await page.locator(".jp-Dialog, .Toastify__toast").count()).toBe(0);
    });

    test("shows its code as TypeScript", async () => {
      const line = await panel.locator(".jp-CodeCell .cm-line").first().elementHandle();
      await page.waitForFunction((element) => {
        const words = [...(element?.querySelectorAll("span") ?? [])];
        return new Set(words.map((word) => getComputedStyle(word).color)).size > 1;
      }, line);
    });

    test("runs from top to bottom; a training shows one progress, which moves", async () => {
      const seenProgress: number[][] = [];
      await runMenu(page, "runmenu:run-all");
      const cells = await untilCells(page, async (all) => {
        const bars = panel.locator(".jp-OutputArea progress");
        seenProgress.push(
          await bars.evaluateAll((all) => all.map((bar) => (bar as HTMLProgressElement).value)),
        );
        return ran(all);
      });
      expect(cells.map(({ count }) => count)).toEqual([1, 2, 3, 4, 5]);
      expect(
        cells.flatMap(({ outputs }) =>
          outputs.filter(({ type, name }) => type === "error" || name === "stderr"),
        ),
      ).toEqual([]);
      expect(cells[2].outputs.map(({ type }) => type)).toEqual(["display_data", "stream"]);
      expect(Math.max(...seenProgress.map((bars) => bars.length))).toBe(1);
      expect(new Set(seenProgress.flat()).size).toBeGreaterThan(1);
      numbers = printed(cells);
      expect(numbers[0]).toBe("ended by epochs after at least one epoch: true\n");
    });

    test("draws its figure, which answers the pointer", async () => {
      const canvas = panel.locator(".vega-embed canvas");
      await canvas.scrollIntoViewIfNeeded();
      await screenshot(page, "lab");
      expect(await tooltipOver(page, canvas)).toMatch(/\d/);
    });

    test("tells what a function of the library does", async () => {
      const line = panel.locator(".cm-line", { hasText: "seedEverything(7)" });
      await line.scrollIntoViewIfNeeded();
      await line.click({ position: { x: 40, y: 8 } });
      await page.keyboard.press("Shift+Tab");
      const tooltip = page.locator(".jp-Tooltip", { hasText: "seedEverything" });
      await tooltip.waitFor();
      expect(await tooltip.innerText()).toMatch(
        /seedEverything\(seed: number\): void[^]*repeatable/,
      );
      await page.keyboard.press("Escape");
    });

    test("restart and run all gives the same numbers", async () => {
      await runMenu(page, "runmenu:restart-and-run-all");
      await page.locator(".jp-Dialog .jp-mod-accept").click();
      await untilCells(page, (cells) => cells[0].count === null || cells[0].state !== "idle");
      expect(printed(await untilCells(page, ran))).toEqual(numbers);
    });
  });

  test("the stop button ends a training that keeps its history; later cells run", async () => {
    const panel = await openNotebook(page, lab.address("endless.ipynb"));
    await runMenu(page, "runmenu:run-all");
    await untilCells(page, (cells) => cells[2].outputs.some(({ text }) => text.includes("left)")));
    await panel.locator('[data-jp-item-name="interrupt"]').click();
    const cells = await untilCells(page, ran);
    expect(printed(cells)[0]).toBe("ended by interrupt after at least one epoch: true\n");
    expect(printed(cells)[1]).toMatch(/^last loss \d/);
    expect(cells[4].outputs.map(({ type }) => type)).toEqual(["display_data"]);
    await panel.locator(".vega-embed canvas").waitFor();
    await screenshot(page, "lab-interrupted");
  });

  describe("at the desk", () => {
    let panel: Locator;
    const typeBelow = async (text: string) => {
      await command(page, "notebook:insert-cell-below");
      await command(page, "notebook:enter-edit-mode");
      await page.keyboard.type(text);
    };

    test("a cell asks, and goes on with the answer", async () => {
      panel = await openNotebook(page, lab.address("desk.ipynb"));
      await runMenu(page, "runmenu:run-all");
      const field = panel.locator(".jp-Stdin-input");
      await field.waitFor({ timeout: 60_000 });
      await field.fill("Ada");
      await field.press("Enter");
      const cells = await untilCells(page, ran);
      expect(cells.at(-1)?.outputs.at(-1)?.text).toBe("'hello Ada'");
    });

    test("each cell tells how long it took", async () => {
      await panel.locator(".execute-time").first().waitFor();
      expect(await panel.locator(".execute-time").first().innerText()).toMatch(/ in [\d.]+ ?m?s$/);
    });

    test("a slider moves by mouse and by key, and what hangs on it follows", async () => {
      await scrollToOutput(page, 0);
      const input = panel.locator(".starlit input");
      await input.click({ position: { x: 5, y: 5 } });
      await untilCells(page, ([, second]) => second.outputs[0].text === "'at 0'");
      await page.keyboard.press("ArrowRight");
      await untilCells(page, ([, second]) => second.outputs[0].text === "'at 0.1'");
    });

    test("a name is offered with its type and what it is for", async () => {
      // Two names begin so: a single one would be put in at once.
      await typeBelow("clam");
      await page.keyboard.press("Tab");
      const completer = page.locator(".jp-Completer");
      const offered = completer.locator(".jp-Completer-item");
      await offered.nth(1).waitFor();
      // A name, and its type.
      expect(await offered.locator("code").allInnerTexts()).toEqual([
        ...["clamp", "function"],
        ...["clampAll", "instance"],
      ]);
      await completer.locator(".jp-Completer-docpanel", { hasText: "below the limit" }).waitFor();
      await page.keyboard.press("Escape");
    });

    test("inside a call its parameters are told", async () => {
      await typeBelow("clamp(1, ");
      await page.keyboard.press("Shift+Tab");
      // The kernel's; the language server shows its own beside it.
      const tooltip = page.locator(".jp-Tooltip:not(.lsp-tooltip)", { hasText: "least" });
      await tooltip.waitFor();
      expect(await tooltip.innerText()).toMatch(
        /clamp\(value: number, least\?: number\): number[^]*→ least\?: number/,
      );
      await page.keyboard.press("Escape");
    });

    test("the language server goes to the definition and renames", async () => {
      await page
        .locator(".jp-StatusBar-GroupItem, .jp-StatusBar-Item", { hasText: "Fully initialized" })
        .first()
        .waitFor({ timeout: 60_000 });
      await panel.locator(".cm-line", { hasText: "clamp(7)" }).click({ position: { x: 20, y: 8 } });
      await command(page, "lsp:jump-to-definition");
      await panel.locator(".jp-mod-active .cm-content", { hasText: "below the limit" }).waitFor();
      void command(page, "lsp:rename-symbol");
      await page.locator(".jp-Dialog input").fill("bound");
      await page.keyboard.press("Enter");
      await panel.locator(".cm-line", { hasText: "bound(7)" }).waitFor();
    });
  });

  test("asks nobody outside, and has no error in its console", () => {
    expect(seen).toEqual({ requests: [], errors: [] });
  });

  test("Ctrl-C ends JupyterLab and its kernels", async () => {
    const kernels = (await (
      await fetch(lab.address("api").replace("/lab/tree/api?reset&", "/api/kernels?"))
    ).json()) as unknown[];
    expect(kernels.length).toBeGreaterThan(0);
    expect(await lab.stop()).toBe(0);
    expect(runningKernels(lab.folder)).toEqual([]);
  });
});

/** JupyterLab, as far as it is used here. */
interface Desk {
  commands: { execute(name: string): Promise<unknown> };
}

/** Does what a menu's entry of this name does. */
function command(page: Page, name: string): Promise<void> {
  return page.evaluate(async (wanted) => {
    await (globalThis as unknown as { jupyterapp: Desk }).jupyterapp.commands.execute(wanted);
  }, name);
}

/** Kernels whose notebooks lie in a folder. */
function runningKernels(folder: string): string[] {
  const processes = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processes.filter((pid) => {
    try {
      return fs.readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false; // ended meanwhile, or another user's
    }
  });
}
