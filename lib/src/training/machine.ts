import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { gpuName, projectRoot, recurrentKernel, tf, usesGpu } from "../engine";

/** What computed a run. */
export interface EngineInfo {
  /** The recurrent kernel: `native`, `cudnn`, `block` or `reference`. */
  kernel: string;
  /** Version of the TensorFlow C library. */
  tensorflow: string;
  /** Threads of the native operations; other numbers of threads differ in the ninth digit. */
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

/** Versions of what the numbers depend on; the commit where the project is a clone. */
export function versions(): Record<string, string> {
  const own = path.join(__dirname, "../../package.json");
  const { version } = JSON.parse(fs.readFileSync(own, "utf8")) as { version: string };
  const known = { starlit: version, node: process.versions.node, tfjs: tf.version["tfjs-core"] };
  const commit = checkedOut();
  return commit ? { ...known, commit } : known;
}

/** The commit of the project, with "-dirty" where files were changed since; "" if it is not known. */
function checkedOut(): string {
  const root = projectRoot();
  const describe = ["describe", "--always", "--abbrev=12", "--exclude=*", "--dirty"];
  const { status, stdout } = spawnSync("git", ["-C", root, ...describe], {
    encoding: "utf8",
    // A repository around the project's folder is another's.
    env: { ...process.env, GIT_CEILING_DIRECTORIES: path.dirname(root) },
  });
  return status === 0 ? stdout.trim() : "";
}
