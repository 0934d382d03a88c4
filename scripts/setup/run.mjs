// Child processes with a log file, and the stamps that tell a finished step from a broken one.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { sha256 } from "../../lib/src/files/sum.cjs";
import { writeWhole } from "../../lib/src/files/whole.cjs";
import { logs, root } from "./paths.mjs";

/** A step that failed in a way that a person can mend; the message says how. */
export class SetupError extends Error {}

/**
 * The options of a command: `parseArgs`, which tells `usage` for --help and for what is unknown.
 *
 * @template {import("node:util").ParseArgsConfig} T
 * @param {string} usage
 * @param {T} [config]
 * @returns {ReturnType<typeof parseArgs<T>>}
 */
export function readArguments(usage, config) {
  /** @type {any} What is read has the options of `config` and one more. */
  const asked = {
    ...config,
    options: { ...config?.options, help: { type: "boolean", short: "h" } },
  };
  try {
    /** @type {any} */
    const read = parseArgs(asked);
    if (!read.values.help) return read;
  } catch (error) {
    if (!String(error.code).startsWith("ERR_PARSE_ARGS")) throw error;
    throw new SetupError(`${error.message.split(/[.\n]/)[0]}.\n${usage}`);
  }
  console.log(usage);
  return process.exit(0);
}

/**
 * Runs a command with its output in a log file. Rejects with the log's tail and a hint.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ log: string, env?: NodeJS.ProcessEnv, cwd?: string }} options `log` names the file
 * @returns {Promise<void>}
 */
export function run(command, args, { log, env = {}, cwd = root }) {
  fs.mkdirSync(logs, { recursive: true });
  const file = path.join(logs, `${log}.log`);
  const out = fs.openSync(file, "a");
  fs.writeSync(out, `\n$ ${command} ${args.join(" ")}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", out, out],
    });
    child.on("error", (error) => reject(explain(command, error.message, file)));
    child.on("close", (code, signal) => {
      fs.closeSync(out);
      if (code === 0) resolve();
      else reject(explain(command, signal ? `ended by ${signal}` : `exit code ${code}`, file));
    });
  });
}

/** Output of a short command, or null where it cannot be run or fails. */
export function output(command, args) {
  const done = spawnSync(command, args, { encoding: "utf8", timeout: 60_000 });
  return done.status === 0 ? done.stdout.trim() : null;
}

/** @type {[RegExp, string][]} */
const hints = [
  [
    /ENOSPC|No space left on device/i,
    "The disk is full: free about 4 GB, or 10 for a GPU, and run this again.",
  ],
  [
    /ensurepip is not available|No module named '?(venv|ensurepip)/i,
    "Python lacks its venv module: install it (Debian, Ubuntu: apt install python3-venv) and run this again.",
  ],
  [
    /CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)|CERT_HAS_EXPIRED/i,
    "The certificate of a package registry is not trusted here, as behind a company's proxy: name the proxy's certificate file in PIP_CERT and in NODE_EXTRA_CA_CERTS, and run this again.",
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|Network is unreachable|Temporary failure in name resolution|NewConnectionError/i,
    "A package registry could not be reached: check the network (or the proxy settings of npm and pip) and run this again.",
  ],
  [
    /different python version|requires a different Python/i,
    "A package needs a newer Python: name one of 3.11 or later in PYTHON, remove the folder .venv and run this again.",
  ],
  [
    /DO NOT MATCH THE HASHES/i,
    "A package's file is not the one that was published: pip's index, or a proxy, gives another. Check `pip config list`.",
  ],
  [
    /No matching distribution found/i,
    "The registry has no such package for this machine: set-up knows Linux on x86-64 and ARM, and pip asks the address in its settings (`pip config list`).",
  ],
  [
    /EACCES|Permission denied/i,
    "A folder cannot be written: check the owner of this project's folder and run this again.",
  ],
  [
    /Killed|out of memory|ENOMEM/i,
    "Memory ran out: close other programs (2 GB are needed) and run this again.",
  ],
];

function explain(command, why, file) {
  const text = fs.readFileSync(file, "utf8").slice(-8000);
  const hint = hints.find(([pattern]) => pattern.test(text) || pattern.test(why))?.[1];
  const tail = text
    .trim()
    .split("\n")
    .slice(-6)
    .map((line) => `    ${line}`)
    .join("\n");
  return new SetupError(
    `${path.basename(command)} failed (${why}).\n${tail}\n  ${hint ?? "The log tells more; when it is mended, run this again."}\n  Log: ${path.relative(root, file)}`,
  );
}

/** Fingerprint of texts and of the contents of files. */
export function fingerprint(texts, files = []) {
  const parts = [
    ...texts.map((text) => `${text}\0`),
    ...files.map((file) => fs.readFileSync(file)),
  ];
  return sha256(...parts).slice(0, 16);
}

// A stamp lies inside what it vouches for, so that both go together, and is written last.
export const isStamped = (file, value) =>
  fs.existsSync(file) && fs.readFileSync(file, "utf8") === value;
export function stamp(file, value) {
  writeWhole(file, value);
}
