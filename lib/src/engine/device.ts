import { spawnSync } from "node:child_process";
import { threadCount } from "./cores";
import { StarlitError } from "./errors";

/** Variables of a process, as in `process.env`. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What this process shall compute on: the CPU, unless `STARLIT_DEVICE` is "gpu".
 *
 * @throws StarlitError if it is neither "cpu" nor "gpu"
 */
export function wantedDevice(environment: Environment = process.env): "cpu" | "gpu" {
  const value = environment.STARLIT_DEVICE || "cpu";
  if (value === "cpu" || value === "gpu") return value;
  throw new StarlitError(
    `STARLIT_DEVICE is "${value}": set it to "cpu" or "gpu", or leave it out for the CPU.`,
  );
}

/** Whether a GPU may multiply with 10 bits of mantissa (TF32), as `NVIDIA_TF32_OVERRIDE` has it. */
function tf32({ STARLIT_TF32: value, NVIDIA_TF32_OVERRIDE }: Environment): string {
  if (!value) return NVIDIA_TF32_OVERRIDE ?? "0";
  if (value === "0" || value === "1") return value;
  throw new StarlitError(
    `STARLIT_TF32 is "${value}": set it to 1 to let a GPU multiply faster with fewer digits, or ` +
      `leave it out.`,
  );
}

/**
 * Variables that TensorFlow and CUDA read when they are loaded, from those of a process. What a
 * person has set otherwise stays.
 *
 * @throws StarlitError if `STARLIT_DEVICE`, `STARLIT_TF32` or `STARLIT_THREADS` has an unknown value
 */
export function tensorflowEnvironment(environment: Environment): Record<string, string> {
  const threads = String(threadCount(environment.STARLIT_THREADS));
  const pool = (name: string) => (!environment.STARLIT_THREADS && environment[name]) || threads;
  const settings = {
    TF_CPP_MIN_LOG_LEVEL: environment.TF_CPP_MIN_LOG_LEVEL ?? "2",
    TF_NUM_INTRAOP_THREADS: pool("TF_NUM_INTRAOP_THREADS"),
    TF_NUM_INTEROP_THREADS: pool("TF_NUM_INTEROP_THREADS"),
    OMP_NUM_THREADS: pool("OMP_NUM_THREADS"),
  };
  // Without a card that it may see, TensorFlow's GPU build computes on the CPU.
  if (wantedDevice(environment) === "cpu") return { ...settings, CUDA_VISIBLE_DEVICES: "-1" };
  return {
    ...settings,
    CUDA_VISIBLE_DEVICES: chosenGpu(environment),
    CUDA_DEVICE_ORDER: environment.CUDA_DEVICE_ORDER ?? "PCI_BUS_ID",
    // So that a second process, another notebook for instance, gets memory too.
    TF_FORCE_GPU_ALLOW_GROWTH: environment.TF_FORCE_GPU_ALLOW_GROWTH ?? "true",
    // The same seed gives the same numbers: sums in one order, cuDNN's way of a layer not chosen by
    // a race of some, and products of whole floats.
    TF_DETERMINISTIC_OPS: environment.TF_DETERMINISTIC_OPS ?? "1",
    TF_CUDNN_RNN_USE_AUTOTUNE: environment.TF_CUDNN_RNN_USE_AUTOTUNE ?? "0",
    NVIDIA_TF32_OVERRIDE: tf32(environment),
  };
}

/** TensorFlow.js computes on one card: the first of those that the process may see. */
function chosenGpu({ CUDA_VISIBLE_DEVICES }: Environment): string {
  return (CUDA_VISIBLE_DEVICES ?? "0").split(",")[0];
}

/** The name of the card that a process with this environment computes on, as its driver tells it. */
export function gpuName(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const query = ["--query-gpu=name", "--format=csv,noheader", "-i", chosenGpu(environment)];
  const { status, stdout } = spawnSync("nvidia-smi", query, { encoding: "utf8", timeout: 30_000 });
  return (status === 0 && stdout.trim().split("\n")[0]) || "NVIDIA GPU";
}
