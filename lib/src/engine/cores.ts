import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { StarlitError } from "./errors";

/** As many threads as `threads.h` has room for. */
const most = 256;

/**
 * Threads that a process computes with: `STARLIT_THREADS`, or the cores that it was given, which may
 * be fewer than the machine has (a batch system's or a container's share).
 *
 * @throws StarlitError if `STARLIT_THREADS` is no whole number from 1 to 256
 */
export function threadCount(wanted = process.env.STARLIT_THREADS): number {
  if (!wanted) return Math.min(cores(), most);
  const count = Number(wanted);
  if (/^\d+$/.test(wanted) && count >= 1 && count <= most) return count;
  throw new StarlitError(
    `STARLIT_THREADS is "${wanted}": set it to a whole number from 1 to ${most}, or leave it out to ` +
      `use the cores that this process may use (${cores()}).`,
  );
}

/** Cores that the process may use: those that it is bound to, or its control group's share of time. */
export function cores(files = "/"): number {
  // Node 20 heeds the binding but not the share, as Docker's --cpus and Kubernetes give it.
  return Math.max(1, Math.min(os.availableParallelism(), Math.ceil(share(files))));
}

/** Cores by the process's control group and those above it; infinite where none sets a limit. */
function share(files: string): number {
  const read = (...parts: string[]) => {
    const file = path.join(files, ...parts);
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim() : "";
  };
  const limits = [Infinity];
  for (const line of read("proc/self/cgroup").split("\n")) {
    const [, controllers, place] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (place === undefined || !(controllers === "" || controllers.split(",").includes("cpu"))) {
      continue;
    }
    const folder = controllers === "" ? "sys/fs/cgroup" : "sys/fs/cgroup/cpu";
    // In a container the path may be the host's, and only its root is to be seen.
    for (let at = place; ; at = path.dirname(at)) {
      const [quota, period] = controllers
        ? [read(folder, at, "cpu.cfs_quota_us"), read(folder, at, "cpu.cfs_period_us")]
        : read(folder, at, "cpu.max").split(" ");
      if (Number(quota) > 0 && Number(period) > 0) limits.push(Number(quota) / Number(period));
      if (at === path.dirname(at)) break;
    }
  }
  return Math.min(...limits);
}
