// `node scripts/cluster/forecast.mjs [options]`: how long all trainings of a profile take on so many cores,
// from what they took before. Nothing is trained.
import { command } from "../setup.mjs";
import { readArguments } from "../setup/run.mjs";
import { library } from "../site.mjs";

const usage = `node scripts/cluster/forecast.mjs [options]
  --profile NAME       full (unless told) or quick
  --cores N,N,N        2,16,256 unless told
  --overhead SECONDS   of a job: its start, reading and encoding the texts, measuring; 60 unless told`;

/**
 * Minutes until all jobs have ended: the longest is begun first, each where cores are free first.
 *
 * @param {{ minutes: number, threads: number }[]} jobs
 * @param {number} cores
 */
function schedule(jobs, cores) {
  const free = new Array(cores).fill(0);
  for (const { minutes, threads } of [...jobs].sort((a, b) => b.minutes - a.minutes)) {
    free.sort((a, b) => a - b);
    const taken = Math.min(threads, cores);
    const end = free[taken - 1] + minutes;
    free.fill(end, 0, taken);
  }
  return Math.max(...free);
}

await command(() => {
  const { values } = readArguments(usage, {
    options: {
      profile: { type: "string", default: "full" },
      cores: { type: "string", default: "2,16,256" },
      overhead: { type: "string", default: "60" },
    },
  });
  const all = library().plannedRuns(values.profile);
  const known = all.filter(({ measured }) => measured !== null);
  const overhead = Number(values.overhead) / 60;
  const jobs = known.map(({ study, name, measured: { minutes, threads } }) => ({
    name: `${study} ${name}`,
    minutes: minutes + overhead,
    threads,
  }));
  const work = jobs.reduce((sum, { minutes, threads }) => sum + minutes * threads, 0);
  const longest = jobs.reduce((a, b) => (b.minutes > a.minutes ? b : a));
  console.log(
    `${all.length} trainings of the ${values.profile} profile, of which ${known.length} were measured: ` +
      `${(work / 60).toFixed(1)} core hours, ${values.overhead} s a job for its start among them.`,
  );
  console.log(`The longest: ${longest.name}, ${longest.minutes.toFixed(0)} minutes.`);
  console.log("\ncores   hours   of the cores busy");
  for (const cores of values.cores.split(",").map(Number)) {
    const hours = schedule(jobs, cores) / 60;
    const busy = (100 * work) / 60 / (hours * cores);
    console.log(
      [
        String(cores).padStart(5),
        hours.toFixed(2).padStart(8),
        `${busy.toFixed(0)} %`.padStart(8),
      ].join(""),
    );
  }
});
