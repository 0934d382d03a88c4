import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { parse } from "csv-parse/sync";
import { type Adversary, adversaries } from "./fixtures/submissions/adversaries";
import { filled } from "./fixtures/submissions/build";
import type { Graded } from "./fixtures/submissions/modules";

const run = promisify(execFile);
const root = path.resolve(__dirname, "..");
const program = path.join(root, "scripts/lab/grade.mjs");

describe("submissions that attack, in one batch", () => {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-adversary-"));
  const folder = path.join(place, "machine");
  // What takes all its time gets little of it; the others may find the machine busy.
  const submitted = { short: path.join(place, "short"), long: path.join(place, "long") };
  const table: string[][] = [];
  const connections: unknown[] = [];
  const servers: net.Server[] = [];
  let all: Adversary[];
  const graded = new Map<string, Graded>();
  let said = "";

  async function listen(options: net.ListenOptions): Promise<net.Server> {
    const server = net.createServer((connection) => {
      connections.push(connection);
      connection.destroy();
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(options, resolve));
    return server;
  }

  async function grade(from: string, some: Adversary[], ...options: string[]): Promise<void> {
    const args = [program, from, "--json", "--csv", `${from}.csv`, ...options];
    const { stdout, stderr } = await run(process.execPath, args, {
      maxBuffer: 1e8,
      env: { ...process.env, STARLIT_SECRET: "secret" },
    });
    const list = JSON.parse(stdout) as Graded[];
    expect(list).toHaveLength(some.length);
    const names = some.map(({ name }) => name).sort();
    list.forEach((each, i) => graded.set(names[i], each));
    said += stderr;
    table.push(...(parse(fs.readFileSync(`${from}.csv`, "utf8")) as string[][]));
  }

  beforeAll(async () => {
    for (const each of [folder, submitted.short, submitted.long])
      fs.mkdirSync(each, { recursive: true });
    fs.chmodSync(folder, 0o777);
    const secret = path.join(folder, "secret");
    fs.writeFileSync(secret, "secret");
    const socket = path.join(folder, "socket");
    const { port } = (await listen({ port: 0, host: "127.0.0.1" })).address() as net.AddressInfo;
    await listen({ path: socket });
    all = adversaries({ project: root, folder, secret, socket, port, pid: process.pid });
    for (const each of all) {
      const to = each.isEndless ? submitted.short : submitted.long;
      const file = path.join(to, `${each.name}.ipynb`);
      if (each.make) each.make(file);
      else fs.writeFileSync(file, `\uFEFF${JSON.stringify(filled(each))}`);
    }
    await grade(
      submitted.long,
      all.filter(({ isEndless }) => !isEndless),
    );
    await grade(
      submitted.short,
      all.filter(({ isEndless }) => isEndless),
      "--timeout",
      "6",
      "--jobs",
      "4",
    );
  }, 900_000);
  afterAll(() => {
    for (const server of servers) server.close();
    fs.rmSync(place, { recursive: true });
  });

  const nowhere = { project: "", folder: "", secret: "", socket: "", port: 0, pid: 0 };
  const names = adversaries(nowhere).map(({ name }) => name);

  test("are at least forty", () => expect(names.length).toBeGreaterThanOrEqual(40));

  test.each(names)("%s", (name) => {
    const {
      points = [0, 0, 0, 0, 0, 0],
      told = {},
      remark,
    } = all.find((each) => each.name === name)!;
    const { items, remarks } = graded.get(name)!;
    const lost = items.map(({ criteria }) => criteria.map(({ why }) => why).join(" "));
    // With the reasons, so that a failure tells them.
    expect([items.map((item) => item.points), lost]).toEqual([points, lost]);
    for (const [item, words] of Object.entries(told)) expect(lost[Number(item) - 1]).toMatch(words);
    if (remark) expect(remarks.join()).toMatch(remark);
  });

  test("nothing of the machine was touched", () => {
    expect(connections).toEqual([]);
    expect(fs.readdirSync(folder).sort()).toEqual(["fellow.ipynb", "secret", "socket"]);
    // Where the attacks try to write: these places are on every Linux, not of one machine.
    for (const file of ["/tmp/by-tensorflow", "/tmp/model", "/dev/shm/x", "/x"])
      expect([file, fs.existsSync(file)]).toEqual([file, false]);
  });

  test("nothing that a terminal or a spreadsheet obeys is printed or written", () => {
    for (const each of [said, ...table.flat()]) {
      expect(each.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
    }
    expect(table).toHaveLength(all.length + 2); // with the headings
    for (const field of table.flat()) expect(field).not.toMatch(/^\s*[=+@-]/);
  });
});
