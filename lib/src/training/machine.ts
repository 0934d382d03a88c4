import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { gpuName, recurrentKernel, tf, usesGpu } from "../engine";

/** What computed a run. */
export interface EngineInfo {
  /** The recurrent kernel: `native`, `cudnn`, `block` or `reference`. */
  kernel: string;
  /** Version of the TensorFlow C library. */
  tensorflow: string;
  /** Threads of the native operations. */
  threads: number;
  /** Model of the processor, as the system tells it. */
  cpu: string;
  /** Name of the card, where a GPU computed it. */
  gpu?: string;
}

/** The engine of this process. */
export function engineInfo(): EngineInfo {
  const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } };
  const { name, threads } = recurrentKernel();
  const engine: EngineInfo = {
    kernel: name,
    tensorflow: binding.TF_Version,
    threads,
    cpu: os.cpus()[0]?.model.trim() || os.arch(),
  };
  if (usesGpu()) engine.gpu = gpuName();
  return engine;
}

/** Versions of what the numbers depend on. */
export function versions(): Record<string, string> {
  const own = path.join(__dirname, "../../package.json");
  const { version } = JSON.parse(fs.readFileSync(own, "utf8")) as { version: string };
  return { starlit: version, node: process.versions.node, tfjs: tf.version["tfjs-core"] };
}
