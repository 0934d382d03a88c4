// Writes the kernelspec of the notebooks' TypeScript kernel into a Python environment, so that
// Jupyter of that environment finds it and nothing outside the clone is touched.
import fs from "node:fs";
import path from "node:path";

/**
 * Installs the kernel `tslab` (shown as TypeScript) into `<venv>/share/jupyter/kernels/tslab`.
 * Safe to repeat: an unchanged kernelspec is left alone, a changed one is replaced in one step.
 *
 * @param {{ root: string, venv: string }} folders the clone, and the Python environment
 * @returns {boolean} whether anything had to be written
 */
export function installKernelspec({ root, venv }) {
  const folder = path.join(venv, "share", "jupyter", "kernels", "tslab");
  const file = path.join(folder, "kernel.json");
  const text = JSON.stringify(kernelspec(root), null, 2) + "\n";
  if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === text) return false;
  fs.mkdirSync(folder, { recursive: true });
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
    interrupt_mode: "signal",
    env: { TF_CPP_MIN_LOG_LEVEL: "2" },
  };
}
