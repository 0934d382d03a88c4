// Whether TensorFlow computes on a GPU here, and if not, why.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { inRoot, root, tensorflowFolder } from "./paths.mjs";

/** Whether set-up fetched TensorFlow's GPU build. */
export const hasGpuBuild = () =>
  fs.existsSync(path.join(path.dirname(tensorflowFolder()), "nvidia"));

const engine = inRoot("lib/dist/engine/tensorflow.js");

/** What TensorFlow writes while it looks for a GPU, and whether it uses one. */
export function lookForGpu(environment = {}) {
  const asked = spawnSync(process.execPath, ["-e", "require(process.argv[1])", engine], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: {
      ...process.env,
      STARLIT_DEVICE: "gpu",
      STARLIT_LOUD: "1",
      TF_CPP_MIN_LOG_LEVEL: "0",
      TF_CPP_MAX_VLOG_LEVEL: "1",
      ...environment,
    },
  });
  return { used: asked.status === 0, said: asked.stderr };
}

/** Why no GPU can be used, in words that say what to do; null where one can. */
export function gpuProblem() {
  if (!hasGpuBuild()) {
    return "TensorFlow's CPU build is here: run `STARLIT_DEVICE=gpu npm run setup`.";
  }
  const { used, said } = lookForGpu();
  return used ? null : explainGpu(said);
}

/** The reason in what TensorFlow says while it looks for a GPU. */
export function explainGpu(said) {
  const driver = ["libcuda.so.1", "libnvidia-ml.so.1"];
  // A library that is there may lack one that it needs; the loader names that one.
  const [, missing] = /Could not load dynamic library .*; dlerror: ([^:\s]+):/.exec(said) ?? [];
  if (driver.includes(missing)) {
    return `${missing} of NVIDIA's driver is missing: install the driver (\`nvidia-smi\` shows it), and give a container the GPUs (Docker: --gpus all).`;
  }
  if (missing) {
    return `${missing} is missing or cannot be loaded: remove the folder .venv/tensorflow and run \`STARLIT_DEVICE=gpu npm run setup\`.`;
  }
  const [error] = /CUDA_ERROR_\w+/.exec(said) ?? [];
  if (error) {
    return `the driver answers ${error}: \`nvidia-smi\` shows the cards, and CUDA_VISIBLE_DEVICES, if set, must name one of them.`;
  }
  return "TensorFlow finds no card that it can use: `nvidia-smi` shows those that the driver sees.";
}
