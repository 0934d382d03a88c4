/// <reference lib="dom" />
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import {
  describeInBrowser,
  launch,
  screenshot,
  tooltipOver,
  watch,
  type Watch,
} from "./browser/chromium";
import { report } from "../lib/src/studies";
import { root } from "./kernel/kernel";

jest.setTimeout(180_000);

const results = [
  {
    study: "clothing",
    rows: [
      {
        what: "weighted F1",
        published: 0.61,
        ours: 0.59874,
        values: [0.58644, 0.58644, 0.59874, 0.61104, 0.61104],
        seeds: 5,
        profile: "full",
        standIn: false,
        note: "One run <was> published.",
      },
      {
        what: "parameters",
        published: 641_701,
        ours: 641_701,
        seeds: 0,
        profile: "quick",
        standIn: true,
      },
    ],
  },
];

/** As `npm run reproduce` passes them on. */
const live: report.LiveResult[] = [
  {
    study: "clothing",
    model: "lstm-2",
    seed: report.LIVE_SEED,
    epochs: 7,
    seconds: 39,
    engine: { kernel: "native", tensorflow: "2.9.1", threads: 2, cpu: "a processor" },
    finished: "2026-11-27T12:00:00.000Z",
    values: [0.59, 0.95],
  },
];

describeInBrowser("the site, without a network", () => {
  let folder: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-site-"));
    const executed = path.join(folder, "executed", "small.ipynb");
    const node = (...args: string[]) =>
      execFileSync(process.execPath, args, { cwd: root, stdio: "pipe" });
    node("scripts/notebooks/run.mjs", "test/fixtures/notebooks/small.ipynb", "--output", executed);
    const site = { folder, notebooks: [executed], results, live, now: "just now" };
    node(
      "--input-type=module",
      "-e",
      `import { makeSite } from "./scripts/site.mjs"; await makeSite(${JSON.stringify(site)});`,
    );
    browser = await launch();
  });

  afterAll(async () => {
    await browser?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  async function open(
    name: string,
    options: BrowserContextOptions = {},
  ): Promise<{ page: Page; seen: Watch }> {
    const context = await browser.newContext({
      viewport: { width: 1300, height: 1000 },
      ...options,
    });
    const page = await context.newPage();
    const seen = await watch(page, ({ protocol }) =>
      ["file:", "data:", "blob:"].includes(protocol),
    );
    await page.goto(pathToFileURL(path.join(folder, name)).href);
    return { page, seen };
  }

  const nothing: Watch = { requests: [], errors: [] };
  const overflow = (page: Page) =>
    page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

  test("a notebook's page draws its figures and asks nobody", async () => {
    const { page, seen } = await open("small.html");
    const canvas = page.locator("figure .vega-embed canvas");
    await page.locator("figure").scrollIntoViewIfNeeded();
    await canvas.waitFor();
    expect(await page.locator("figure img").count()).toBe(0);
    expect(await tooltipOver(page, canvas)).toMatch(/\d/);
    await screenshot(page, "site-figure");
    expect(seen).toEqual(nothing);
    expect(fs.statSync(path.join(folder, "small.html")).size).toBeLessThan(5e6);
  });

  test("without JavaScript the page is complete: words, code, formulas, a picture that is told", async () => {
    const { page } = await open("small.html", { javaScriptEnabled: false });
    const picture = page.locator("figure img");
    expect(
      await picture.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth > 300),
    ).toBe(true);
    expect(await picture.getAttribute("alt")).toContain("The first input is spread evenly");
    expect(await page.locator(".formula svg").count()).toBe(1);
    expect(await page.locator(".formula math").textContent()).toContain("∑");
    expect(await page.locator("pre").allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining("last loss")]) as unknown,
    );
  });

  test("contents lead to their headings", async () => {
    const { page } = await open("small.html");
    const links = page.locator(".contents a");
    expect(await links.allInnerTexts()).toEqual(["Training", "A figure"]);
    await links.last().click();
    const heading = page.getByRole("heading", { name: "A figure" });
    expect((await heading.boundingBox())?.y).toBeLessThan(900);
    expect(await page.getByRole("link", { name: "All studies" }).getAttribute("href")).toBe(
      "index.html",
    );
  });

  test("code folds, one cell or all, by keyboard too", async () => {
    const { page } = await open("small.html");
    const shown = page.locator("details.code[open]");
    const all = await shown.count();
    expect(all).toBe(5);
    await page.locator("details.code summary").first().focus();
    await page.keyboard.press("Enter");
    expect(await shown.count()).toBe(all - 1);
    await page.getByRole("button", { name: "Hide code" }).click();
    expect(await shown.count()).toBe(0);
    await page.getByRole("button", { name: "Show code" }).click();
    expect(await shown.count()).toBe(all);
  });

  test("is dark where the system is, and as the reader chooses", async () => {
    const { page } = await open("small.html", { colorScheme: "dark" });
    const lightness = () =>
      page.evaluate(() => Number(/\d+/.exec(getComputedStyle(document.body).backgroundColor)?.[0]));
    expect(await lightness()).toBeLessThan(60);
    await screenshot(page, "site-dark");
    await page.getByRole("button", { name: "Light" }).click();
    expect(await lightness()).toBe(255);
    await page.reload();
    expect(await lightness()).toBe(255);
  });

  test("fits a phone, with the whole picture, which a touch enlarges", async () => {
    const { page, seen } = await open("small.html", { viewport: { width: 390, height: 844 } });
    expect(await overflow(page)).toBe(0);
    const picture = page.locator("figure img");
    expect((await picture.boundingBox())?.width).toBeLessThanOrEqual(390);
    await screenshot(page, "site-phone", { fullPage: true });
    await picture.click();
    expect((await picture.boundingBox())?.width).toBeGreaterThan(600);
    expect(await overflow(page)).toBe(0);
    expect(seen).toEqual(nothing);
  });

  test("shows a figure wider than the page whole, and interactive after a click", async () => {
    const html = fs.readFileSync(path.join(folder, "small.html"), "utf8");
    const wide = html.replace(/(base64,[^"]+" )width="\d+"/, '$1width="3000"');
    expect(wide).not.toBe(html);
    fs.writeFileSync(path.join(folder, "wide.html"), wide);
    const { page, seen } = await open("wide.html");
    const picture = page.locator("figure.picture img");
    const column = await page.locator("main").boundingBox();
    expect((await picture.boundingBox())?.width).toBeLessThanOrEqual(column?.width ?? 0);
    await picture.scrollIntoViewIfNeeded();
    await page.waitForTimeout(500);
    expect(await page.locator(".vega-embed canvas").count()).toBe(0);
    await picture.click();
    await page.locator(".vega-embed canvas").waitFor();
    expect(await picture.count()).toBe(0);
    expect(seen).toEqual(nothing);
  });

  test("words and code stand out from their ground", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const { page } = await open("small.html", { colorScheme });
      const ratios = await page.evaluate(
        contrasts,
        "main p, main .code .highlight span, .contents a, .code summary, .made",
      );
      expect(Math.min(...ratios)).toBeGreaterThan(4.5); // WCAG 2, level AA
    }
  });

  test("the first page has the table, what it means, and the way to the notebooks", async () => {
    const { page, seen } = await open("index.html");
    const rows = await page
      .locator("#published-and-ours ~ .results tbody tr")
      .evaluateAll((all) =>
        all.map((row) => [...row.children].map((cell) => cell.textContent?.trim())),
      );
    expect(rows).toEqual([
      [
        "weighted F1One run <was> published.",
        "0.6100",
        "0.5987 ± 0.0123",
        "−0.0113",
        "full, 5 seeds",
      ],
      // No published number stands beside one that comes from other data.
      ["parameters", "–", "641,701", "", "quick, stand-in data"],
    ]);
    await screenshot(page, "site-first");
    await page.getByRole("main").getByRole("link", { name: "A small notebook" }).click();
    await page.getByRole("heading", { level: 1, name: "A small notebook" }).waitFor();
    expect(seen).toEqual(nothing);
    const phone = await open("index.html", { viewport: { width: 390, height: 844 } });
    expect(await overflow(phone.page)).toBe(0);
    await screenshot(phone.page, "site-first-phone", { fullPage: true });
  });

  test("the first page begins with five cards: published, stored, just now, a verdict, a picture", async () => {
    const { page } = await open("index.html");
    const cards = page.locator(".card");
    expect(await cards.count()).toBe(5);
    const clothing = cards.nth(1);
    expect(await clothing.locator("dt").allInnerTexts()).toEqual([
      "published",
      "stored seeds",
      "just now",
    ]);
    expect(await clothing.locator("dd").allInnerTexts()).toEqual([
      "0.5960",
      "0.5830 ± 0.0151 (5)",
      "0.5900 in 0.7 min",
    ]);
    expect(await clothing.locator(".judged").innerText()).toBe("just now: inside");
    expect(await clothing.locator("svg circle.seed").count()).toBe(5);
    expect(await clothing.getByRole("img").getAttribute("aria-label")).toMatch(
      /^published 0\.5960; stored seeds .* one more seed between .*; just now 0\.5900$/,
    );
    // The interval of the stored seeds' losses ends at 0.929: a loss of 0.95 lies outside.
    const loss = page.locator("#trained ~ .results tr", {
      hasText: "LSTM-2: best validation loss",
    });
    expect(await loss.first().innerText()).toContain("outside");
    expect(await cards.nth(2).locator("dd").last().innerText()).toBe("not remade");
    for (const colorScheme of ["light", "dark"] as const) {
      const shown = await open("index.html", { colorScheme });
      const ratios = await shown.page.evaluate(
        contrasts,
        "main p, main dt, main dd, main td, .card h3",
      );
      expect(Math.min(...ratios)).toBeGreaterThan(4.5);
      await screenshot(shown.page, `site-cards-${colorScheme}`);
    }
  });

  test("the library's pages are found from the first page, searched, and ask nobody", async () => {
    const { page, seen } = await open("index.html");
    await page.getByRole("main").getByRole("link", { name: "All exports" }).click();
    await page.getByRole("heading", { name: /^layers/ }).waitFor();
    await screenshot(page, "site-api");
    await page.keyboard.press("/");
    await page.locator("#tsd-search-input").fill("padSeq");
    await page.locator("#tsd-search-results a", { hasText: "padSequences" }).first().click();
    await page.getByRole("heading", { level: 1, name: "padSequences" }).waitFor();
    expect(await page.locator(".col-content").innerText()).toContain("each cut or filled");
    await screenshot(page, "site-api-function");
    await page.getByRole("link", { name: "All studies" }).first().click();
    await page.getByRole("heading", { level: 1, name: "Starlit" }).waitFor();
    expect(seen).toEqual(nothing);
  });

  test("the notebook that was run can be downloaded", async () => {
    const { page } = await open("small.html");
    const href = await page
      .getByRole("link", { name: "Download this notebook" })
      .getAttribute("href");
    expect(fs.existsSync(path.join(folder, String(href)))).toBe(true);
  });
});

/** Contrast of the text of elements against the page, by WCAG's formula. Runs in the page. */
function contrasts(selector: string): number[] {
  const numbers = (color: string) => (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  const luminance = (color: string) => {
    const [r, g, b] = numbers(color).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element: Element): string => {
    const color = getComputedStyle(element).backgroundColor;
    const clear = color === "transparent" || color.endsWith(", 0)");
    return clear && element.parentElement ? ground(element.parentElement) : color;
  };
  return [...document.querySelectorAll(selector)].map((element) => {
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(ground(element))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  });
}
