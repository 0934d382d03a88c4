import * as fs from "node:fs";
import { StarlitError } from "./errors";

/** What Linux tells of the processor, in `/proc/cpuinfo`; nothing where a sandbox hides it. */
export function processorText(): string {
  try {
    return fs.readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return "";
  }
}

/** The names of a processor's abilities: `avx2`, `fma`, on ARM `asimd`. */
export function abilitiesIn(cpuinfo: string): Set<string> {
  const line = /^(?:flags|Features)\s*:(.*)$/m.exec(cpuinfo)?.[1] ?? "";
  return new Set(line.trim().split(/\s+/));
}

/**
 * Refuses a processor on which TensorFlow's library would end the process: its wheels for x64 are
 * built with AVX.
 *
 * @throws StarlitError if the processor is known not to have it
 */
export function checkProcessor(arch: string = process.arch, cpuinfo = processorText()): void {
  if (arch !== "x64" || cpuinfo === "" || abilitiesIn(cpuinfo).has("avx")) return;
  throw new StarlitError(
    "The processor lacks avx, without which TensorFlow does not run: use a machine whose processor " +
      "is from 2013 or later.",
  );
}
