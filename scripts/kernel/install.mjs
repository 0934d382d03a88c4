// Tells the Jupyter of a Python environment about the notebooks' TypeScript kernel; nothing outside
// the environment is touched.
import fs from "node:fs";
import path from "node:path";

/** No question about news when JupyterLab is opened first, and no times of day in the notebooks. */
const labDefaults = {
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
  "@jupyterlab/notebook-extension:tracker": { recordTiming: true },
};

/**
 * Installs the kernel `tslab` (shown as TypeScript) into `<venv>/share/jupyter/kernels/tslab`, and
 * defaults for JupyterLab that a reader's own settings go before. Safe to repeat: what is as it
 * should be is left alone, the rest is replaced in one step.
 *
 * @param {{ root: string, venv: string }} folders the clone, and the Python environment
 * @returns {boolean} whether anything had to be written
 */
export function installKernelspec({ root, venv }) {
  const jupyter = path.join(venv, "share", "jupyter");
  const files = [
    [path.join(jupyter, "kernels", "tslab", "kernel.json"), kernelspec(root)],
    [path.join(jupyter, "lab", "settings", "overrides.json"), labDefaults],
  ];
  return files.filter(([file, content]) => writeIfNew(file, content)).length > 0;
}

function writeIfNew(file, content) {
  const text = JSON.stringify(content, null, 2) + "\n";
  if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === text) return false;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.part`, text);
  fs.renameSync(`${file}.part`, file);
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
