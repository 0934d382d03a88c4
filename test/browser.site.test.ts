/// <reference lib="dom" />
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import {
  accessibility,
  describeInBrowser,
  launch,
  screenshot,
  tooltipOver,
  watch,
  type Watch,
} from "./browser/chromium";
import { report } from "../lib/src/studies";
import { root, venv } from "./kernel/kernel";

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

/** A notebook that is long enough to be folded; what a search should find is in its last section. */
const long = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: Array.from({ length: 120 }, (_, i) => {
    const head = i % 40 === 20 ? `## Section ${i}\n\n` : i === 0 ? "# A long notebook\n\n" : "";
    const last = i === 119 ? " Here are *two* words." : "";
    return { cell_type: "markdown", id: `c${i}`, metadata: {}, source: `${head}Cell ${i}.${last}` };
  }),
};

describeInBrowser("the site, without a network", () => {
  let folder: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-site-"));
    const executed = path.join(folder, "executed", "small.ipynb");
    const node = (...args: string[]) =>
      execFileSync(process.execPath, args, { cwd: root, stdio: "pipe" });
    node("scripts/notebooks/run.mjs", "test/fixtures/notebooks/small.ipynb", "--output", executed);
    const unfolded = path.join(folder, "executed", "long.ipynb");
    fs.writeFileSync(unfolded, JSON.stringify(long));
    const site = { folder, notebooks: [executed, unfolded], results, live, now: "just now" };
    node(
      "--input-type=module",
      "-e",
      `import { makeSite } from "./scripts/site.mjs"; await makeSite(${JSON.stringify(site)});`,
    );
    // A figure whose places are its own, as a picture of a model has them.
    const html = fs.readFileSync(path.join(folder, "small.html"), "utf8");
    const wide = html
      .replace(/(base64,[^"]+" )width="\d+"/, '$1width="3000"')
      .replace(/("x": *\{)/g, '$1"axis": null, ');
    fs.writeFileSync(path.join(folder, "wide.html"), wide);
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
    await page.addInitScript(() => {
      Object.assign(window, { hurt: () => Object.assign(window, { hurts: 1 }) });
    });
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

  test("fits a phone: figures are made anew for it, code breaks its lines", async () => {
    const { page, seen } = await open("small.html", { viewport: { width: 390, height: 844 } });
    expect(await overflow(page)).toBe(0);
    await page.locator("figure").scrollIntoViewIfNeeded();
    const canvas = page.locator("figure canvas");
    await canvas.waitFor();
    const column = await page.locator("main").evaluate((main) => main.clientWidth);
    expect((await canvas.boundingBox())?.width).toBeLessThanOrEqual(column);
    expect(await wider(page, ".code pre, figure")).toEqual([]);
    await screenshot(page, "site-phone", { fullPage: true });
    expect(seen).toEqual(nothing);
  });

  test("a picture that cannot be made narrower is moved about on a phone, or whole", async () => {
    const { page } = await open("wide.html", { viewport: { width: 390, height: 844 } });
    const picture = page.locator("figure img");
    expect((await picture.boundingBox())?.width).toBe(3000);
    expect(await overflow(page)).toBe(0);
    await picture.click();
    expect((await picture.boundingBox())?.width).toBeLessThanOrEqual(390);
  });

  test("paper gets all of it: nothing is cut, no scroll bars, figures on white", async () => {
    const { page } = await open("small.html", {
      viewport: { width: 700, height: 1000 }, // A4 between its margins
      colorScheme: "dark",
    });
    await page.locator("details.code summary").first().click();
    await page.locator("figure").scrollIntoViewIfNeeded();
    await page.locator("figure canvas").waitFor();
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    expect(await page.locator(".code:not([open])").count()).toBe(0);
    expect(await wider(page, "main pre, main figure, main .html, main .highlight")).toEqual([]);
    const looks = (selector: string) =>
      page.locator(selector).evaluate((element) => {
        const { filter, backgroundColor, maxHeight } = getComputedStyle(element);
        return { filter, backgroundColor, maxHeight };
      });
    expect(await looks("figure .vega-embed")).toMatchObject({ filter: "none" });
    expect(await looks("body")).toMatchObject({ backgroundColor: "rgb(255, 255, 255)" });
    expect(await page.locator("header.bar").isVisible()).toBe(false);
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    expect(await page.locator(".code:not([open])").count()).toBe(1);
  });

  test("a long page is folded; its contents, its own search and links open the place", async () => {
    const { page, seen } = await open("long.html");
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThan(3000);
    const last = page.getByText("Here are two words.");
    expect(await last.isVisible()).toBe(false);
    const box = page.getByRole("searchbox", { name: "Find in this page" });
    await box.fill("ARE TWO");
    await box.press("Enter");
    await last.waitFor();
    expect(await page.locator("#find output").innerText()).toBe("1 of 1");
    await box.fill("section");
    await box.press("Enter");
    await box.press("Enter");
    expect(await page.locator("#find output").innerText()).toBe("2 of 3");
    await page.getByRole("button", { name: "Hide sections" }).click();
    await page.locator(".contents a", { hasText: "Section 60" }).click();
    await page.getByText("Cell 61.").waitFor();
    await page.goto(`${page.url().split("#")[0]}#Section-100`);
    await page.reload();
    await page.getByText("Cell 101.").waitFor();
    expect(seen).toEqual(nothing);
  });

  test("shows a figure wider than the page whole, and interactive after a click", async () => {
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

  test("every kind of page can be used by all: axe has nothing against it", async () => {
    for (const name of ["small.html", "long.html", "index.html"])
      for (const [colorScheme, width] of [
        ["light", 390],
        ["dark", 1300],
      ] as const) {
        const { page } = await open(name, { colorScheme, viewport: { width, height: 900 } });
        if (name === "small.html") {
          await page.locator("figure").scrollIntoViewIfNeeded();
          await page.locator("figure canvas").waitFor();
        }
        const found = await accessibility(page);
        expect({ name, width, found }).toEqual({ name, width, found: [] });
      }
  });

  test("figures follow the dark; their menu has a name and stands below them", async () => {
    const { page } = await open("small.html", { colorScheme: "dark" });
    await page.locator("figure").scrollIntoViewIfNeeded();
    const figure = page.locator("figure .vega-embed");
    await figure.locator("canvas").waitFor();
    expect(await figure.evaluate((element) => getComputedStyle(element).filter)).toContain(
      "invert",
    );
    const menu = figure.locator('summary[aria-label="Save this figure"]');
    const [drawn, shown] = [await figure.locator("canvas").boundingBox(), await menu.boundingBox()];
    expect(shown?.y).toBeGreaterThanOrEqual((drawn?.y ?? 0) + (drawn?.height ?? 0));
    await menu.click();
    expect(await figure.locator(".vega-actions a").allInnerTexts()).toEqual([
      "Save as SVG",
      "Save as PNG",
    ]);
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
      expect(await accessibility(shown.page)).toEqual([]);
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

  test("a script that got into a page does not run, whatever its place", async () => {
    const places = [
      "<script>hurt()</script>",
      "<img src=data:,x onerror=hurt()>",
      "<svg onload=hurt()></svg>",
      "<a href='javascript:hurt()'>link</a>",
      "<iframe srcdoc='<script>parent.hurt()</script>'></iframe>",
      "<script src='data:text/javascript,hurt()'></script>",
      "<form action='javascript:hurt()'><button>go</button></form>",
      "<base href='https://example.org/'><object data='x.html'></object>",
    ];
    for (const name of ["small.html", "index.html", "api/index.html", "api/embedding.html"]) {
      const text = fs.readFileSync(path.join(folder, name), "utf8");
      expect(text.match(/<meta [^>]*"Content-Security-Policy"/g)).toHaveLength(1);
      const hurt = name.replace(".html", ".hurt.html");
      fs.writeFileSync(
        path.join(folder, hurt),
        text.replace(/<body[^>]*>/, (body) => body + places.join("\n")),
      );
      const { page, seen } = await open(hurt);
      const hurts = await page.evaluate(async () => {
        const link = document.querySelector("a[href^=javascript]") as HTMLAnchorElement;
        link.click();
        (document.querySelector("form[action^=javascript] button") as HTMLButtonElement).click();
        await new Promise((resolve) => setTimeout(resolve, 300));
        return (window as unknown as { hurts?: number }).hurts ?? 0;
      });
      expect(hurts).toBe(0);
      expect(seen.requests).toEqual([]);
      expect(seen.errors.length).toBeGreaterThanOrEqual(5);
      for (const error of seen.errors) expect(error).toMatch(/Content Security Policy|base URI/i);
      await page.close();
    }
  });

  test("nbconvert's own HTML, too, tells what pictures show", () => {
    const notebook = path.join(folder, "executed", "small.ipynb");
    const html = execFileSync(
      path.join(venv, "bin", "jupyter"),
      ["nbconvert", "--to", "html", "--stdout", notebook],
      { encoding: "utf8", maxBuffer: 1e8, stdio: ["ignore", "pipe", "ignore"] },
    );
    const pictures = html.match(/<img [^>]{0,400}/g) ?? [];
    expect(pictures).toHaveLength(1);
    expect(pictures[0]).toContain("The first input is spread evenly");
  });

  test("the notebook that was run can be downloaded", async () => {
    const { page } = await open("small.html");
    const href = await page
      .getByRole("link", { name: "Download this notebook" })
      .getAttribute("href");
    expect(fs.existsSync(path.join(folder, String(href)))).toBe(true);
  });
});

/** What is wider than its frame, and would scroll sideways or be cut. */
function wider(page: Page, selector: string): Promise<string[]> {
  return page
    .locator(selector)
    .evaluateAll((all) =>
      all
        .filter((element) => element.scrollWidth > element.clientWidth + 1)
        .map((element) => `${element.className}: ${element.textContent.slice(0, 40)}`),
    );
}
