// Tells the Jupyter of a Python environment about the notebooks' TypeScript kernel; nothing outside
// the environment is touched.
import fs from "node:fs";
import path from "node:path";
import { writeWhole } from "../../lib/src/files/whole.cjs";

/**
 * No question about news when JupyterLab is opened first; the time of each cell below it; a panel
 * that tells what an offered name is. Completion and diagnostics are the kernel's, which knows the
 * cells that ran; the language server goes to definitions and renames.
 */
const labDefaults = {
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
  "@jupyterlab/notebook-extension:tracker": { recordTiming: true },
  "@jupyterlab/completer-extension:manager": {
    showDocumentationPanel: true,
    providerTimeout: 5000, // milliseconds; a busy machine needs more than the usual one second
  },
  "@jupyter-lsp/jupyterlab-lsp:completion": { disable: true },
  "@jupyter-lsp/jupyterlab-lsp:diagnostics": { disable: true },
};

/** For nbconvert: its HTML tells what a picture shows, as `template` has it. */
const exporters = {
  HTMLExporter: { template_name: "starlit-lab" },
  SlidesExporter: { template_name: "reveal" }, // it would inherit the other
};

const template = `{%- extends "lab/index.html.j2" -%}
{%- block data_png scoped -%}
{%- set alt = output.data.get("text/plain", "") | escape_html -%}
{{ super() | replace("<img src", '<img alt="' ~ alt ~ '" src', 1) }}
{%- endblock data_png -%}
`;

/**
 * Installs the kernel `tslab` (shown as TypeScript) into `<venv>/share/jupyter/kernels/tslab`, and
 * defaults for JupyterLab and nbconvert that a reader's own settings go before. Safe to repeat: what is as it
 * should be is left alone, the rest is replaced in one step.
 *
 * @param {{ root: string, venv: string }} folders the clone, and the Python environment
 * @returns {boolean} whether anything had to be written
 */
export function installKernelspec({ root, venv }) {
  const jupyter = path.join(venv, "share", "jupyter");
  const exporter = path.join(jupyter, "nbconvert", "templates", "starlit-lab");
  const json = (content) => `${JSON.stringify(content, null, 2)}\n`;
  const files = [
    [path.join(jupyter, "kernels", "tslab", "kernel.json"), json(kernelspec(root))],
    [path.join(jupyter, "kernels", "tslab", "logo-svg.svg"), logo],
    [path.join(jupyter, "lab", "settings", "overrides.json"), json(labDefaults)],
    [path.join(exporter, "conf.json"), json({ base_template: "lab" })],
    [path.join(exporter, "index.html.j2"), template],
    [path.join(venv, "etc", "jupyter", "jupyter_config.json"), json(exporters)],
  ];
  return files.filter(([file, text]) => writeIfNew(file, text)).length > 0;
}

/** What the launcher shows: TypeScript's letters under a star. */
const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="TypeScript">
<rect width="64" height="64" rx="8" fill="#3178c6"/>
<text x="32" y="55" text-anchor="middle" font-family="sans-serif" font-weight="bold" font-size="32" fill="#fff">TS</text>
<path d="M32 5l2.6 6.6 7 .4-5.4 4.5 1.8 6.9-6-3.9-6 3.9 1.8-6.9-5.4-4.5 7-.4z" fill="#ffd166"/>
</svg>
`;

function writeIfNew(file, text) {
  if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === text) return false;
  writeWhole(file, text);
  return true;
}

function kernelspec(root) {
  return {
    argv: [
      process.execPath, // `node` on the PATH may be another one, or none
      "--max-old-space-size=6144",
      path.join(root, "scripts", "kernel", "launch.cjs"),
      "--config-path",
      "{connection_file}",
    ],
    display_name: "TypeScript",
    language: "typescript",
    interrupt_mode: "message",
    env: { TF_CPP_MIN_LOG_LEVEL: "2" },
  };
}
