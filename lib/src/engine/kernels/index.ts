import { threadCount } from "../cores";
import { StarlitError } from "../errors";
import { hasTensorflow, usesGpu } from "../tensorflow";
import { nativeModule } from "./addon";
import { block } from "./block";
import { cudnn } from "./cudnn";
import { javascript } from "./javascript";
import { native } from "./native";
import { reference } from "./reference";
import type { RecurrentKernel } from "./types";

export { releaseMemory } from "./addon";
export type { RecurrentInputs, RecurrentKernel, RecurrentKind, RecurrentSpec } from "./types";
export { gateCount } from "./types";

/** Which kernel runs the recurrent layers of this process, and why. */
export interface KernelChoice {
  name: RecurrentKernel["name"];
  /** A few words for a person. */
  reason: string;
  /** Threads of the native operations; 1 where they are not used. */
  threads: number;
}

const kernels: Record<string, RecurrentKernel> = { native, cudnn, block, javascript, reference };

let chosen: { kernel: RecurrentKernel; reason: string } | undefined;

function choose(): { kernel: RecurrentKernel; reason: string } {
  const { module, problem } = nativeModule();
  const forced = process.env.STARLIT_KERNEL;
  if (!forced) {
    if (usesGpu()) return { kernel: cudnn, reason: "cuDNN, on the GPU" };
    if (module) return { kernel: native, reason: "our operations, compiled on this machine" };
    if (!hasTensorflow) return { kernel: javascript, reason: problem! };
    return { kernel: block, reason: `TensorFlow's own: our operations are missing, ${problem}` };
  }
  if (!(forced in kernels)) {
    throw new StarlitError(
      `STARLIT_KERNEL is "${forced}": set it to native, cudnn, block, javascript or reference, or leave it out.`,
    );
  }
  if (forced === "native" && !module) {
    throw new StarlitError(`STARLIT_KERNEL asks for our native operations, but ${problem}.`);
  }
  if (forced === "cudnn" && !usesGpu()) {
    throw new StarlitError(
      "STARLIT_KERNEL asks for cuDNN, but this process computes on the CPU: set STARLIT_DEVICE=gpu " +
        "as well.",
    );
  }
  return { kernel: kernels[forced], reason: "STARLIT_KERNEL asks for it" };
}

/** The kernel that runs the recurrent layers, chosen once for the process. */
export function kernel(): RecurrentKernel {
  return (chosen ??= choose()).kernel;
}

/** Which recurrent kernel this process uses, and the reason in a few words. */
export function recurrentKernel(): KernelChoice {
  chosen ??= choose();
  const { kernel, reason } = chosen;
  return { name: kernel.name, reason, threads: kernel === native ? threadCount() : 1 };
}
