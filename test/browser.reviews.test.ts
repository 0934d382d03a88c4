/// <reference lib="dom" />
// The report page of a rater in a browser that has no network: on a telephone, and by keyboard.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { loadRater, type Rater, trainRater } from "../lib/src/reviews";
import { loadClothingReviews } from "../lib/src/data";
import { describeInBrowser, launch, watch, type Watch } from "./browser/chromium";

jest.setTimeout(180_000);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-page-"));
const hostile = "</script><script>document.title='taken'</script><b onclick=alert(1)>$1 \u202e</b>";

describeInBrowser("the report page", () => {
  let browser: Browser;
  let page: Page;
  let watched: Watch;
  let rater: Rater;

  beforeAll(async () => {
    const reviews = (await loadClothingReviews()).filter(({ text }) => text !== "").slice(0, 200);
    const rows = reviews.map(({ text, rating }, i) => ({
      rating,
      text: `${text.slice(0, 100)} ${i % 20 === 0 ? hostile : ""}`,
    }));
    await trainRater(rows, { out: folder, curve: false, progress: false });
    rater = loadRater(folder);
    browser = await launch();
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      offline: true,
    });
    page = await context.newPage();
    const own = pathToFileURL(path.join(folder, "report.html"));
    watched = await watch(page, ({ pathname }) => pathname === own.pathname);
    await page.goto(own.href);
    await page.waitForSelector(".rating strong");
  });
  afterAll(async () => {
    await browser.close();
    fs.rmSync(folder, { recursive: true });
  });

  test("fits a telephone, asks for nothing, and nothing in a review comes to life", async () => {
    const [width, title] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.title,
    ]);
    expect(width).toBe(390);
    expect(title).toMatch(/^A rater of/);
    expect(watched).toEqual({ requests: [], errors: [] });
    expect(await page.locator("blockquote b, blockquote script").count()).toBe(0);
  });

  test("axe finds nothing, in light and in dark", async () => {
    const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
    // The page allows no other script; what the debugger runs is not asked.
    await page.evaluate(axe);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const found = await page.evaluate(async () => {
        const { violations } = await (
          globalThis as unknown as {
            axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
          }
        ).axe.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 100)}`);
      });
      expect(found).toEqual([]);
    }
  });

  test("by keyboard: a review is written, and rated as the library rates it", async () => {
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA");
    await page.keyboard.press("Control+A");
    const text = "Not soft at all, and it runs small; I love the color <b>though</b>";
    await page.keyboard.insertText(text);
    const { rating, interval, words } = rater.explain(text);
    expect(await page.textContent(".rating")).toBe(
      `${rating.toFixed(1)} of 5; with a probability of 80 % from ${interval[0]} to ${interval[1]}`,
    );
    const told = await page.locator(".effects tr th[scope=row]").allTextContents();
    expect(told).toEqual(words.slice(0, 6).map(({ word }) => word));
    expect(await page.textContent(".marked")).toBe(text);
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText("…");
    expect(await page.textContent(".rating")).toContain("No word of this is known");
  });

  test("200 reviews get the ratings of the library, digit for digit", async () => {
    const reviews = (await loadClothingReviews()).filter(({ text }) => text !== "").slice(200, 400);
    const box = page.locator("textarea");
    const shown = await box.evaluate(
      (element, texts) => {
        const area = element as HTMLTextAreaElement;
        return texts.map((text) => {
          area.value = text;
          area.dispatchEvent(new Event("input"));
          return document.querySelector(".rating")!.textContent!;
        });
      },
      reviews.map(({ text }) => text),
    );
    const expected = reviews.map(({ text }) => {
      // A box has its own line breaks.
      const { rating, interval } = rater.rate(text.replaceAll("\r\n", "\n"));
      return `${rating.toFixed(1)} of 5; with a probability of 80 % from ${interval[0]} to ${interval[1]}`;
    });
    expect(shown).toEqual(expected);
  });
});
