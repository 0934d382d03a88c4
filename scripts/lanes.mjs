import os from "node:os";

/** Does tasks in their order, as many at a time as there are cores. */
export async function inLanes(tasks) {
  const waiting = [...tasks];
  const lane = async () => {
    for (let task = waiting.shift(); task; task = waiting.shift()) await task();
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, lane));
}
