// `node bench/threads.mjs [--rounds 3]`: two trainings one after the other with two threads, beside the two
// at once with one thread each. For a machine of two idle cores; the least of the rounds counts.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { inRoot } from "../scripts/setup/paths.mjs";
import { readArguments } from "../scripts/setup/run.mjs";

const { values } = readArguments("node bench/threads.mjs [--rounds N]", {
  options: { rounds: { type: "string", default: "3" } },
});

/** Two trainings of different seeds each: short reviews, and long ones. */
const trainings = [
  { study: "clothing", model: "lstm-2" },
  { study: "attention", model: "imdb-lstm-attention" },
];

/** Trains one, in the quick profile and from nothing, with so many threads. */
function train({ study, model }, seed, threads, folder) {
  const args = ["run", study, model, "--seed", String(seed), "--profile", "quick"];
  const env = {
    ...process.env,
    STARLIT_THREADS: String(threads),
    STARLIT_DATA: folder,
    STARLIT_FRESH: "1",
  };
  const child = spawn(process.execPath, [inRoot("lib/bin/starlit.cjs"), ...args], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.once("close", (code) =>
      code === 0 ? resolve(code) : reject(new Error(`exit code ${code}`)),
    );
  });
}

async function seconds(work) {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-threads-"));
try {
  for (const training of trainings) {
    // What is fetched and unpacked once shall not count.
    await train(training, 1, 1, folder);
    let [inTurn, atOnce] = [Infinity, Infinity];
    for (let round = 0; round < Number(values.rounds); round++) {
      const two = await seconds(async () => {
        await train(training, 1, 2, folder);
        await train(training, 2, 2, folder);
      });
      const one = await seconds(() =>
        Promise.all([train(training, 1, 1, folder), train(training, 2, 1, folder)]),
      );
      inTurn = Math.min(inTurn, two);
      atOnce = Math.min(atOnce, one);
    }
    const gain = (100 * (inTurn / atOnce - 1)).toFixed(0);
    console.log(
      `${training.study} ${training.model}: two trainings with 2 threads in turn ${inTurn.toFixed(1)} s, ` +
        `at once with 1 thread each ${atOnce.toFixed(1)} s (${gain} % more throughput)`,
    );
  }
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
