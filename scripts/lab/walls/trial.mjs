// What the walls keep on this machine: tried at each start, not assumed.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { inRoot } from "../../setup/paths.mjs";
import { filesOf, MEMORY_MB, Walled } from "./walls.mjs";

const PROGRAM = fileURLToPath(new URL("trial.cjs", import.meta.url));
const SECONDS = 20;

/** What is missing for walls, and how to get it; `null` where nothing is. */
export function bubblewrapAdvice() {
  const inside = ["--unshare-all", "--unshare-user", "--ro-bind", "/", "/", "true"];
  const { error, status, stderr } = spawnSync("bwrap", inside, { encoding: "utf8" });
  if (error)
    return "bubblewrap is missing: apt install bubblewrap (Debian, Ubuntu), dnf install bubblewrap (Fedora); macOS and Windows have none";
  if (status === 0) return null;
  return `bubblewrap may not make namespaces here (${stderr.trim().split("\n").at(-1)}): allow them to users (sysctl kernel.unprivileged_userns_clone=1, on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0), in Docker with --security-opt seccomp=unconfined --security-opt apparmor=unconfined`;
}

/** Told for each limit, and where it is not kept. */
const limits = [
  ["time", "time: a process that goes on for ever is ended"],
  ["memory", `memory: a process that takes more than its share (${MEMORY_MB} MB) is ended`],
  ["read", "files: none of this machine's is read but the library's own"],
  ["write", "files: none is written"],
  ["start", "programs: none is started"],
  ["connect", "network: nothing is reached, by port or by file"],
  ["see", "processes: no other is seen or signalled"],
  ["change", "rights: there are none"],
  ["environment", "environment: nothing of yours is seen"],
];

/**
 * Tries all limits.
 *
 * @param {boolean} unsafe without bubblewrap
 * @returns {Promise<{ kept: string[], missing: string[] }>} a line for each
 */
export async function tryWalls(unsafe) {
  const held = await attempts({ program: PROGRAM, files: await filesOf(["node:net"]), unsafe });
  const lines = (wanted) =>
    limits.filter(([name]) => held[name] === wanted).map(([, text]) => text);
  return { kept: lines(true), missing: lines(false) };
}

async function attempts(walls) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-walls-"));
  const secret = path.join(folder, "secret");
  fs.writeFileSync(secret, "secret");
  const socket = path.join(folder, "socket");
  const servers = [await listen({ port: 0, host: "127.0.0.1" }), await listen({ path: socket })];
  process.env.STARLIT_WALLS = "secret";
  const asked = {
    files: [secret, "/etc/passwd", inRoot("package.json"), inRoot("notebooks/05-lab.ipynb")],
    folder,
    port: servers[0].address().port,
    socket,
    pid: process.pid,
    variable: "STARLIT_WALLS",
  };
  try {
    const [done, time, memory] = await Promise.all([
      ask(walls, "attempts", asked, SECONDS),
      ask(walls, "time", {}, 1),
      ask({ ...walls, memory: 200 }, "memory", {}, SECONDS),
    ]);
    // A process that does not even start proves nothing.
    const refused = (...names) =>
      done.value !== undefined && !names.some((name) => done.value[name]);
    return {
      time: done.value !== undefined && time.kind === "time",
      memory: done.value !== undefined && memory.kind === "memory",
      read: refused("read", "list"),
      ...Object.fromEntries(
        ["write", "start", "connect", "see", "change", "environment"].map((name) => [
          name,
          refused(name),
        ]),
      ),
    };
  } finally {
    delete process.env.STARLIT_WALLS;
    for (const server of servers) server.close();
    fs.rmSync(folder, { recursive: true });
  }
}

/** What the process answered, or which limit ended it. */
async function ask(walls, operation, rest, seconds) {
  const process = new Walled(walls);
  try {
    return { value: await process.ask(operation, rest, seconds) };
  } catch (error) {
    return { kind: error.kind };
  } finally {
    process.close();
  }
}

function listen(options) {
  const server = net.createServer((connection) => connection.destroy());
  return new Promise((resolve) => server.listen(options, () => resolve(server)));
}
