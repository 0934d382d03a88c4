import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type Run } from "../lib/src/training";
import { mirror } from "./support";

const { missingSlurm, startSlurm } = require("./slurm.cjs") as {
  missingSlurm(): string;
  startSlurm(folder: string, nodes: number): Promise<Slurm>;
};
interface Slurm {
  env: Record<string, string>;
  stop(): Promise<void>;
}

const root = path.resolve(__dirname, "..");

/** Why nothing is run here; "" if it is. */
function whySkipped(): string {
  if (process.env.STARLIT_TEST_SLURM !== "1") {
    return "it takes minutes: STARLIT_TEST_SLURM=1 runs it";
  }
  if (!mirror) return "STARLIT_MIRROR names no folder with the film reviews";
  if (!fs.existsSync(path.join(root, "workflow/.venv/.starlit"))) {
    return "Snakemake is missing: npm run cluster -- --jobs 1 -- --version installs it";
  }
  return missingSlurm();
}

const why = whySkipped();
const describeSlurm = why ? describe.skip : describe;

/** What a run computed. */
function computed(file: string): object {
  const run = JSON.parse(fs.readFileSync(file, "utf8")) as Partial<Run> & { sha256?: string };
  delete run.timings;
  delete run.finished;
  delete run.versions;
  delete run.sha256;
  return run;
}

describeSlurm(`on a Slurm of two nodes${why && `: skipped, ${why}`}`, () => {
  jest.setTimeout(3600_000);
  // Short: sockets lie in it.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "slurm-"));
  let slurm: Slurm;
  const workflow = (name: string) => path.join(folder, name, "workflow");
  /** Files below the cached runs, by name. */
  const runsOf = (name: string, study: string) => {
    const place = path.join(folder, name, "runs", study);
    const files = fs.readdirSync(place).filter((file) => file.endsWith(".json"));
    return files.sort().map((file) => path.join(place, file));
  };

  beforeAll(async () => {
    slurm = await startSlurm(path.join(folder, "s"), 2);
  });
  afterAll(async () => {
    await slurm?.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  function cluster(data: string, args: readonly string[]) {
    const own = ["--cluster", "slurm", "--jobs", "4", "--profile", "quick", ...args];
    const engine = [
      ...["--slurm-no-account", "--slurm-status-command", "squeue"],
      ...["--slurm-init-seconds-before-status-checks", "2", "--seconds-between-status-checks", "1"],
      ...["--latency-wait", "10"],
    ];
    const command = [path.join(root, "scripts/cluster.mjs"), ...own, "--", ...engine];
    const env = { ...slurm.env, STARLIT_DATA: path.join(folder, data), STARLIT_FRESH: "" };
    const { status, stdout, stderr } = spawnSync(process.execPath, command, {
      env,
      encoding: "utf8",
      maxBuffer: 2 ** 26,
    });
    if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
    return `${stdout}\n${stderr}`;
  }

  /** What the jobs of a study wrote. */
  function logs(data: string, study: string): string[] {
    const folder = path.join(workflow(data), "logs/quick", study);
    return fs.readdirSync(folder).map((name) => fs.readFileSync(path.join(folder, name), "utf8"));
  }

  test("a study goes from trainings to its report, each training made once", () => {
    cluster("lab", ["all", "--study", "lab"]);
    expect(runsOf("lab", "lab")).toHaveLength(5);
    for (const log of logs("lab", "lab")) {
      expect(log).toMatch(/epoch 1\/3.*epoch 2\/3.*epoch 3\/3/s);
      expect(log).not.toContain("loaded from");
    }
    const site = path.join(workflow("lab"), "site/quick");
    expect(fs.readFileSync(path.join(site, "index.html"), "utf8")).toContain("Teaching lab");
    expect(fs.existsSync(path.join(site, "results/lab.json"))).toBe(true);
    // No training is left to do: the target alone is looked at.
    expect(cluster("lab", ["runs", "--study", "lab"])).toMatch(/^runs +1\ntotal +1$/m);
  });

  test("20 trials of searches run on both nodes, and equal what this process computes", () => {
    cluster("search", ["search", "--study", "clothing", "--trials", "5"]);
    const files = runsOf("search", "clothing/search");
    expect(files).toHaveLength(20);
    for (const log of logs("search", "clothing")) expect(log).toContain("1 of 1 trainings done");
    const { stdout } = spawnSync("scontrol", ["show", "job", "--oneliner"], {
      env: slurm.env,
      encoding: "utf8",
    });
    const nodes = new Set(Array.from(stdout.matchAll(/ NodeList=(\w+)/g), ([, node]) => node));
    expect(nodes).toEqual(new Set(["node1", "node2"]));

    const own = [
      "search",
      "clothing",
      "gru-2",
      "--profile",
      "quick",
      "--trials",
      "5",
      "--only",
      "3",
    ];
    const { status } = spawnSync(
      process.execPath,
      [path.join(root, "lib/bin/starlit.cjs"), ...own],
      {
        env: { ...process.env, STARLIT_DATA: path.join(folder, "here"), STARLIT_THREADS: "1" },
      },
    );
    expect(status).toBe(0);
    const [here] = runsOf("here", "clothing/search");
    const there = files.find((file) => path.basename(file) === path.basename(here));
    expect(computed(there!)).toEqual(computed(here));
  });
});
