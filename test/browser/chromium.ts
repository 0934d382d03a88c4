import * as fs from "node:fs";
import * as path from "node:path";
import axe, { type AxeResults } from "axe-core";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { root } from "../kernel/kernel";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const program = [process.env.CHROMIUM, ...places].find((file) => file && fs.existsSync(file));

/**
 * `describe` for tests in a browser: skipped, with a line that says so, where there is none; in
 * continuous integration (`CI=true`) they then fail.
 */
export function describeInBrowser(name: string, body: () => void): void {
  if (program) return describe(name, body);
  const advice =
    "no Chromium found: install it (Debian: apt install chromium) or name it in CHROMIUM";
  if (process.env.CI !== "true") return describe.skip(`${name}: ${advice}`, body);
  test(name, () => {
    throw new Error(advice);
  });
}

export function launch(): Promise<Browser> {
  const quiet = ["background-networking", "component-update", "sync", "gpu"].map(
    (part) => `--disable-${part}`,
  );
  return chromium.launch({
    executablePath: program,
    args: ["--no-sandbox", "--no-first-run", ...quiet],
  });
}

/** What a page did that it should not: requests to other places, errors in its console. */
export interface Watch {
  requests: string[];
  errors: string[];
}

/** Notes requests for which `allowed` is false, and refuses them; notes errors and warnings. */
export async function watch(page: Page, allowed: (url: URL) => boolean): Promise<Watch> {
  const seen: Watch = { requests: [], errors: [] };
  await page.route("**", (route) => {
    const url = new URL(route.request().url());
    if (allowed(url)) return route.continue();
    seen.requests.push(url.href.slice(0, 200));
    return route.abort();
  });
  page.on("console", (message) => {
    if (message.type() === "error") seen.errors.push(message.text());
  });
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  return seen;
}

/** What axe, the usual checker of accessibility, has against a page. */
export async function accessibility(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate("axe.run()")) as AxeResults;
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)}`);
}

/** Moves the pointer over a figure until a tooltip shows; its text, or "" where none does. */
export async function tooltipOver(page: Page, figure: Locator): Promise<string> {
  const box = await figure.boundingBox();
  if (!box) throw new Error("the figure is not on the screen");
  const tooltip = page.locator("#vg-tooltip-element.visible");
  for (let y = 0.35; y < 0.8; y += 0.1) {
    for (let x = 0.2; x < 0.8; x += 0.05) {
      await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
      if (await tooltip.count()) return tooltip.innerText();
    }
  }
  return "";
}

/** Keeps a picture of the page in the folder STARLIT_SCREENSHOTS, if one is named. */
export async function screenshot(
  page: Page,
  name: string,
  options: { fullPage?: boolean } = {},
): Promise<void> {
  const folder = process.env.STARLIT_SCREENSHOTS;
  if (folder)
    await page.screenshot({ path: path.resolve(root, folder, `${name}.png`), ...options });
}
