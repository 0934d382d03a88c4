import { StarlitError } from "../errors";
import { reference } from "./reference";
import type { RecurrentKernel } from "./types";

export type { RecurrentInputs, RecurrentKernel, RecurrentKind, RecurrentSpec } from "./types";
export { gateCount } from "./types";

/** Which kernel runs the recurrent layers of this process, and why. */
export interface KernelChoice {
  name: RecurrentKernel["name"];
  reason: string;
}

let chosen: { kernel: RecurrentKernel; reason: string } | undefined;

function choose(): { kernel: RecurrentKernel; reason: string } {
  const forced = process.env.STARLIT_KERNEL;
  if (forced && forced !== "reference") {
    throw new StarlitError(
      `STARLIT_KERNEL is "${forced}": set it to native, block or reference, or leave it out.`,
    );
  }
  return { kernel: reference, reason: forced ? "STARLIT_KERNEL asks for it" : "nothing faster" };
}

/** The kernel that runs the recurrent layers, chosen once for the process. */
export function kernel(): RecurrentKernel {
  return (chosen ??= choose()).kernel;
}

/** Which recurrent kernel this process uses, and the reason in a few words. */
export function recurrentKernel(): KernelChoice {
  chosen ??= choose();
  return { name: chosen.kernel.name, reason: chosen.reason };
}
