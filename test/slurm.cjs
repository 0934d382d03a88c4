// A Slurm of our own in a folder: munge, controller and nodes, on free ports, for whoever runs it. Also
// a command, which runs until it is ended: node test/slurm.cjs FOLDER [NODES]
const { spawn, spawnSync } = require("node:child_process");
const { randomBytes } = require("node:crypto");
const fs = require("node:fs");
const net = require("node:net");
const os = require("node:os");
const path = require("node:path");

const system = "/usr/local/sbin:/usr/sbin:/sbin";
const PATH = `${process.env.PATH}:${system}`;

/** What is missing for a Slurm, in words; "" where nothing is. */
function missingSlurm() {
  const needed = ["munged", "slurmctld", "slurmd", "sbatch", "squeue"];
  const missing = needed.filter(
    (name) => spawnSync("sh", ["-c", `command -v ${name}`], { env: { PATH } }).status !== 0,
  );
  return missing.length === 0
    ? ""
    : `${missing.join(", ")} missing: apt-get install slurm-wlm munge (Debian)`;
}

/** So many ports that nobody listens on. */
async function freePorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer().listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = /** @type {net.AddressInfo} */ (server.address());
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Waits for what `look` finds. */
async function until(what, look, seconds = 60) {
  for (const end = Date.now() + seconds * 1000; ;) {
    const found = look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} seconds`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/**
 * Starts a Slurm with nodes node1, node2 … of one core each, all on this machine.
 *
 * @param {string} folder for its configuration, state and logs; short, as sockets lie in it
 * @param {number} nodes
 * @returns {Promise<{ env: object, stop: () => Promise<void> }>} `env` lets its commands find it
 */
async function startSlurm(folder, nodes = 2) {
  const user = os.userInfo().username;
  const inFolder = (...parts) => path.join(folder, ...parts);
  for (const name of ["state", "log", "munge"]) fs.mkdirSync(inFolder(name), { recursive: true });
  fs.chmodSync(inFolder("munge"), 0o755);
  const key = inFolder("munge.key");
  fs.writeFileSync(key, randomBytes(128), { mode: 0o400 });
  const socket = inFolder("munge/socket");
  const [controller, ...ports] = await freePorts(nodes + 1);
  const names = ports.map((_, i) => `node${i + 1}`);
  const memory = Math.floor(os.totalmem() / 2 ** 20 / nodes);
  for (const name of names) fs.mkdirSync(inFolder("spool", name), { recursive: true });
  const conf = inFolder("slurm.conf");
  fs.writeFileSync(
    conf,
    [
      "ClusterName=starlit",
      `SlurmctldHost=${os.hostname()}(127.0.0.1)`,
      `SlurmctldPort=${controller}`,
      `SlurmUser=${user}`,
      `SlurmdUser=${user}`,
      "AuthType=auth/munge",
      `AuthInfo=socket=${socket}`,
      "CredType=cred/munge",
      "ProctrackType=proctrack/linuxproc",
      "TaskPlugin=task/none",
      "SwitchType=switch/none",
      "MpiDefault=none",
      "JobAcctGatherType=jobacct_gather/none",
      "AccountingStorageType=accounting_storage/none",
      "SelectType=select/cons_tres",
      "SelectTypeParameters=CR_Core_Memory",
      "SchedulerParameters=sched_interval=1,sched_min_interval=100000,batch_sched_delay=0",
      "ReturnToService=2",
      "MinJobAge=86400",
      "KillWait=2",
      `StateSaveLocation=${inFolder("state")}`,
      `SlurmdSpoolDir=${inFolder("spool")}/%n`,
      `SlurmctldPidFile=${inFolder("slurmctld.pid")}`,
      `SlurmdPidFile=${inFolder("%n.pid")}`,
      `SlurmctldLogFile=${inFolder("log/slurmctld")}`,
      `SlurmdLogFile=${inFolder("log/%n")}`,
      ...names.map(
        (name, i) =>
          `NodeName=${name} NodeHostname=${os.hostname()} NodeAddr=127.0.0.1 Port=${ports[i]} CPUs=1 RealMemory=${memory}`,
      ),
      `PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP`,
      "",
    ].join("\n"),
  );
  // In a job Snakemake takes SLURM_CONF away from srun, which would look in /etc/slurm.
  const srun = spawnSync("sh", ["-c", "command -v srun"], { env: { PATH }, encoding: "utf8" });
  const wrapped = inFolder("bin/srun");
  fs.mkdirSync(path.dirname(wrapped), { recursive: true });
  const script = `#!/bin/sh\nSLURM_CONF=${conf} exec ${srun.stdout.trim()} "$@"\n`;
  fs.writeFileSync(wrapped, script, { mode: 0o755 });
  const env = { ...process.env, PATH: `${inFolder("bin")}:${PATH}`, SLURM_CONF: conf };
  /** @type {import("node:child_process").ChildProcess[]} */
  const daemons = [];
  const start = (command, args) => {
    const log = fs.openSync(inFolder("log", `${command}.out`), "a");
    daemons.push(spawn(command, args, { env, stdio: ["ignore", log, log] }));
    fs.closeSync(log);
  };
  const stop = async () => {
    spawnSync("scancel", ["--user", user], { env, timeout: 10_000 });
    // Nodes first, so that none of their jobs outlives them.
    for (const daemon of daemons.reverse()) {
      const ended = new Promise((resolve) => daemon.once("close", resolve));
      if (daemon.exitCode !== null || daemon.signalCode !== null) continue;
      daemon.kill("SIGTERM");
      const late = setTimeout(() => daemon.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(late);
    }
  };
  try {
    start("munged", [
      ...["--foreground", "--force", `--key-file=${key}`, `--socket=${socket}`],
      ...["pid", "seed", "log"].map((name) => `--${name}-file=${inFolder("munge", name)}`),
    ]);
    await until("munge", () => fs.existsSync(socket));
    start("slurmctld", ["-D", "-f", conf]);
    for (const name of names) start("slurmd", ["-D", "-N", name, "-f", conf]);
    await until("the nodes of Slurm", () => {
      const { stdout } = spawnSync("sinfo", ["-h", "-N", "-o", "%T"], { env, encoding: "utf8" });
      return stdout.split("\n").filter((state) => state === "idle").length === nodes;
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { env, stop };
}

module.exports = { missingSlurm, startSlurm };

if (require.main === module) {
  const [folder, nodes = "2"] = process.argv.slice(2);
  void startSlurm(path.resolve(folder), Number(nodes)).then(({ env, stop }) => {
    console.log(`export SLURM_CONF=${env.SLURM_CONF} PATH=${env.PATH}`);
    for (const signal of ["SIGINT", "SIGTERM"]) {
      process.once(signal, () => void stop().then(() => process.exit(0)));
    }
    setInterval(() => {}, 1 << 30);
  });
}
