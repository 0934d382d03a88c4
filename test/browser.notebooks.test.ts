/// <reference lib="dom" />
import * as fs from "node:fs";
import * as path from "node:path";
import type { Browser, Page } from "playwright-core";
import { describeInBrowser, launch, screenshot, tooltipOver, watch } from "./browser/chromium";
import {
  cellStates,
  type Lab,
  openNotebook,
  runMenu,
  scrollToOutput,
  startLab,
  untilCells,
} from "./browser/lab";
import { smallSource } from "./fixtures/submissions/build";
import type { Cell, Notebook } from "./fixtures/submissions/modules";
import { root } from "./kernel/kernel";

const SECONDS = 540;
jest.setTimeout((SECONDS + 60) * 1000);

const names = ["02-clothing.ipynb", "05-lab.ipynb"];

interface Output {
  data?: Record<string, unknown>;
}

/** A committed notebook as a reader has it before the first run, the lab with fewer reviews. */
function withoutOutputs(name: string): string {
  const text = fs.readFileSync(path.join(root, "notebooks", name), "utf8");
  const notebook = name === "05-lab.ipynb" ? smallSource() : (JSON.parse(text) as Notebook);
  for (const cell of notebook.cells) if (cell.cell_type === "code") cell.outputs = [];
  return JSON.stringify(notebook);
}

/** Places, among the code cells, of the figures that a notebook was committed with. */
function figuresOf(name: string): number[] {
  const text = fs.readFileSync(path.join(root, "notebooks", name), "utf8");
  const { cells } = JSON.parse(text) as { cells: Cell[] };
  const isFigure = ({ data }: Output) => data && "application/vnd.vegalite.v5+json" in data;
  return cells
    .filter(({ cell_type }) => cell_type === "code")
    .flatMap(({ outputs }, i) => ((outputs as Output[]).some(isFigure) ? [i] : []));
}

describeInBrowser("committed notebooks in JupyterLab, quick profile", () => {
  let lab: Lab;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    lab = await startLab(Object.fromEntries(names.map((name) => [name, withoutOutputs(name)])));
    browser = await launch();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1300, height: 1200 } });
  });
  afterEach(() => page.close());
  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  });

  test.each(names)("%s: runs from top to bottom, and draws its figures", async (name) => {
    const seen = await watch(
      page,
      (url) => url.hostname === "127.0.0.1" || url.protocol === "data:",
    );
    await openNotebook(page, lab.address(name));
    await runMenu(page, "runmenu:run-all");
    await untilCells(
      page,
      (all) =>
        all.every(({ state, count }) => state === "idle" && count !== null) ||
        all.some(({ outputs }) => outputs.some(({ type }) => type === "error")),
      SECONDS,
    );
    const cells = await cellStates(page);
    expect(
      cells.flatMap(({ outputs }) =>
        outputs.filter(({ type, name }) => type === "error" || name === "stderr"),
      ),
    ).toEqual([]);
    expect(cells.map(({ count }) => count)).toEqual(cells.map((_, i) => i + 1));

    const figures = figuresOf(name);
    expect(figures.length).toBeGreaterThan(3);
    let answer = "";
    for (const place of figures) {
      const canvas = (await scrollToOutput(page, place)).locator(".vega-embed canvas").first();
      await canvas.waitFor();
      answer ||= await tooltipOver(page, canvas);
    }
    expect(answer).toMatch(/\d/);
    await screenshot(page, path.basename(name, ".ipynb"));
    expect(seen).toEqual({ requests: [], errors: [] });
  });
});
