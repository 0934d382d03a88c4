/// <reference lib="dom" />
import * as fs from "node:fs";
import * as path from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { describeInBrowser, launch, screenshot } from "./browser/chromium";
import {
  type CellState,
  cellStates,
  type Lab,
  openNotebook,
  runMenu,
  startLab,
  untilCells,
} from "./browser/lab";
import type { Cell, Notebook } from "./fixtures/submissions/modules";
import { root } from "./kernel/kernel";

jest.setTimeout(300_000);

const text = fs.readFileSync(path.join(root, "notebooks/lab/sentiment-lab.ipynb"), "utf8");
const code = (JSON.parse(text) as Notebook).cells.filter(({ cell_type }) => cell_type === "code");
const place = (id: string) => code.findIndex((cell: Cell) => cell.id === id);
const [blank, check] = [place("blank-01"), place("check-01")];

const failed = ({ outputs }: CellState) => outputs.some(({ type }) => type === "error");

/** Whether all of it can be seen without scrolling. */
async function isOnScreen(part: Locator): Promise<boolean> {
  const box = await part.boundingBox();
  const { height } = part.page().viewportSize()!;
  return box !== null && box.y > 0 && box.y + box.height < height;
}

describeInBrowser("the student's notebook in JupyterLab", () => {
  let lab: Lab;
  let browser: Browser;
  let page: Page;
  let panel: Locator;

  beforeAll(async () => {
    lab = await startLab({ "sentiment-lab.ipynb": text });
    browser = await launch();
    page = await browser.newPage({ viewport: { width: 1300, height: 1000 } });
    panel = await openNotebook(page, lab.address("sentiment-lab.ipynb"));
  });

  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  });

  /** The cell with these words in its code, scrolled to. */
  async function cellWith(words: string): Promise<Locator> {
    const code = page.locator(".jp-InputArea", { hasText: words });
    const cell = panel.locator(".jp-CodeCell").filter({ has: code });
    await cell.scrollIntoViewIfNeeded();
    return cell;
  }

  test("run all stops at the first blank, and its hint is on the screen", async () => {
    await runMenu(page, "runmenu:run-all");
    const cells = await untilCells(
      page,
      (all) => failed(all[check]) && all.every(({ state }) => state === "idle"),
    );
    expect(cells.filter(failed)).toEqual([cells[check]]);
    // Everything before has run, nothing behind has.
    expect(cells.slice(0, check).every(({ count }) => count !== null)).toBe(true);
    expect(cells.slice(check + 1).every(({ outputs }) => outputs.length === 0)).toBe(true);
    const told = "(01) is still empty: trainX has no value";
    const message = panel.locator(".jp-OutputArea-output", { hasText: told });
    const hint = panel.locator(".cm-line", { hasText: "Hint (01)" });
    await message.scrollIntoViewIfNeeded();
    // A figure above that is drawn late moves what is below.
    let both = false;
    for (let i = 0; i < 50 && !both; i++) {
      await message.evaluate((element) => element.scrollIntoView({ block: "center" }));
      await page.waitForTimeout(200);
      both = (await isOnScreen(message)) && (await isOnScreen(hint));
    }
    expect(both).toBe(true);
    await screenshot(page, "student-lab-stopped");
  });

  test("with code in the blank the check turns green", async () => {
    const cell = await cellWith("START CODE HERE (01)");
    await cell.locator(".cm-line", { hasText: "START CODE HERE (01)" }).click();
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.insertText(
      "trainX = padSequences(imdb.train.sequences, { maxlen: maxReviewLength });\n" +
        "testX = padSequences(imdb.test.sequences, { maxlen: maxReviewLength });",
    );
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.press("Shift+Enter");
    const cells = await untilCells(page, (all) =>
      all[check].outputs.some(({ type }) => type === "display_data"),
    );
    expect(cells[blank].outputs[0].text).toMatch(/^shapes: \[ \d+, 100 \] \[ \d+, 100 \]/);
    expect(cells[check].outputs.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^✓ \(01\) is right/),
    ]);
    const box = panel.locator(".jp-OutputArea-output p", { hasText: "(01) is right" });
    await box.scrollIntoViewIfNeeded();
    const color = await box.evaluate((element) => getComputedStyle(element).borderLeftColor);
    expect(color).toBe("rgb(0, 158, 115)");
    await screenshot(page, "student-lab-green");
    expect(failed((await cellStates(page))[check])).toBe(false);
  });
});
