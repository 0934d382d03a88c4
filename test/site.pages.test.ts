// Pages of notebooks that lie elsewhere, as `npm run reproduce` executes them.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./kernel/kernel";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-pages-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Makes a page of a notebook of one text, in a folder of its own. */
function pageOf(text: string) {
  const file = path.join(folder, "one.ipynb");
  const cell = { cell_type: "markdown", id: "words", metadata: {}, source: text };
  const metadata = { kernelspec: { name: "tslab", display_name: "TypeScript" } };
  fs.writeFileSync(
    file,
    JSON.stringify({ cells: [cell], metadata, nbformat: 4, nbformat_minor: 5 }),
  );
  const script = `
    import { makePages } from "${pathToFileURL(path.join(root, "scripts/notebooks/pages.mjs")).href}";
    const options = { home: "index.html", download: (name) => name };
    await makePages(${JSON.stringify([file])}, ${JSON.stringify(folder)}, options);`;
  const made = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  const page = path.join(folder, "one.html");
  return { ...made, html: fs.existsSync(page) ? fs.readFileSync(page, "utf8") : "" };
}

test("a picture that is not beside the notebook is an error with its name, one that is stands in the page", () => {
  const text = "# One\n\n![A drawing](pictures/attention.svg)";
  const { status, stderr } = pageOf(text);
  expect(status).not.toBe(0);
  expect(stderr).toContain("there is no picture pictures/attention.svg in its folder.");
  fs.cpSync(path.join(root, "notebooks/pictures"), path.join(folder, "pictures"), {
    recursive: true,
  });
  expect(pageOf(text).html).toMatch(/<img[^>]+src="data:image\/svg\+xml;base64,/);
});

test("the punctuation after a formula stays on its line", () => {
  const { html } = pageOf("# One\n\nThe weights $a_t$, and no more: $b$ is left.");
  expect(html).toMatch(
    /<span class="unbroken"><span class="formula">.*?<\/span>,<\/span> and no more/s,
  );
  expect(html.match(/class="unbroken"/g)).toHaveLength(1);
});
