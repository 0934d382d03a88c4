// Whether TensorFlow computes on a GPU here, and if not, why.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { inRoot, root, tensorflowFolder } from "./paths.mjs";

/** Whether set-up fetched TensorFlow's GPU build. */
export const hasGpuBuild = () =>
  fs.existsSync(path.join(path.dirname(tensorflowFolder()), "nvidia"));

/** Why no GPU can be used, in words that say what to do; null where one can. */
export function gpuProblem() {
  if (!hasGpuBuild())
    return "TensorFlow's CPU build is here: run `STARLIT_DEVICE=gpu npm run setup`.";
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
    },
  });
  return asked.status === 0 ? null : explainGpu(asked.stderr);
}

const engine = inRoot("lib/dist/engine/tensorflow.js");

/** The reason in what TensorFlow says while it looks for a GPU. */
export function explainGpu(said) {
  const missing = /Could not load dynamic library '([^']+)'/.exec(said)?.[1];
  if (missing === "libcuda.so.1" || /Could not find cuda drivers/.test(said)) {
    return "NVIDIA's driver is not there (`nvidia-smi` shows it): install it, and in a container give it the GPUs (Docker: --gpus all).";
  }
  if (missing) {
    return `${missing} is missing or cannot be loaded: remove .venv/tensorflow and run \`STARLIT_DEVICE=gpu npm run setup\`.`;
  }
  const cuda = /CUDA_ERROR_\w+/.exec(said)?.[0];
  if (cuda)
    return `the driver answers ${cuda}: \`nvidia-smi\` says whether a card is free and CUDA_VISIBLE_DEVICES which one is asked for.`;
  return "TensorFlow found no card that it knows: `nvidia-smi` lists those that the driver sees.";
}
