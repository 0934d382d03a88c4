// From a table of reviews to a rater in a folder: what is learned, told, kept and resumed.
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { loadClothingReviews } from "../lib/src/data";
import { loadRater, trainRater } from "../lib/src/reviews";
import { curveVerdict } from "../lib/src/reviews/page";
import { Steps } from "../lib/src/reviews/train";
import { splitByGroup } from "../lib/src/text";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-train-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const hostile = [
  "</script><script>document.title = 'taken'</script>",
  "<img src=x onerror=\"document.title='taken'\"> $1 and $& for $x_2$",
  "\u202e drow \u2066 \u0000\u0007 \ud800 \u2028 end",
];

/** Reviews of clothing, with some that mean harm. */
async function table(count: number) {
  const reviews = (await loadClothingReviews()).filter(({ text }) => text !== "").slice(0, count);
  return reviews.map(({ text, rating, clothingId }, i) => ({
    review: `${i % 25 === 0 ? hostile[(i / 25) % 3] : ""} ${text.slice(0, 90)}`,
    stars: rating,
    item: `I${clothingId % 60}`,
  }));
}

describe("a training", () => {
  const out = path.join(folder, "rater");
  const lines: string[] = [];
  let rater: Awaited<ReturnType<typeof trainRater>>;
  beforeAll(async () => {
    const log = jest
      .spyOn(console, "log")
      .mockImplementation((line: string) => void lines.push(line));
    rater = await trainRater(await table(160), { out, seeds: [1, 2] });
    log.mockRestore();
  });

  test("tells what it read, how long it will take, and what came of it", () => {
    const told = lines.join("\n");
    expect(told).toContain('The rating is taken from the column "stars" (guessed by its name).');
    expect(told).toMatch(/parted by group, the column "item"/);
    expect(told).toMatch(/The network takes about \d+( to \d+)? minutes? here/);
    expect(told).toMatch(/always the most frequent: weighted F1 0\.\d{3} \(0\.\d{3} to 0\.\d{3}\)/);
    expect(told).toMatch(/\((kept)\): weighted F1/);
    expect(told).toContain("report.html");
  });

  test("keeps the model that is better on the validation reviews, and measures on others", () => {
    const { kept, losses, seeds, split, scores, curve } = rater.report;
    expect(kept === "bag").toBe(losses.bag <= losses.network);
    expect(Math.min(...seeds.map(({ loss }) => loss))).toBe(losses.network);
    expect(split.train + split.validation + split.test + split.unused).toBe(160);
    expect(scores.map(({ name }) => name)[0]).toBe("always the most frequent");
    for (const { error } of scores) {
      expect(error.lower).toBeLessThanOrEqual(error.estimate);
      expect(error.upper).toBeGreaterThanOrEqual(error.estimate);
    }
    expect(curve.map(({ reviews }) => reviews)).toEqual([
      Math.round(split.train / 4),
      Math.round(split.train / 2),
      split.train,
    ]);
  });

  test("leaves a rater that says the same after loading, and nothing else", () => {
    expect(fs.readdirSync(out).sort()).toEqual(["rater.json", "report.html"]);
    const loaded = loadRater(out);
    const text = "Love it, the fabric is soft and the fit perfect";
    expect(loaded.rate([text])).toEqual([rater.rate(text)]);
    expect(loaded.report).toEqual(JSON.parse(JSON.stringify(rater.report)));
    expect(() => loaded.rate(5 as never)).toThrow("give a text, or a list of texts");
  });

  test("is not done twice", async () => {
    const log = jest.spyOn(console, "log").mockImplementation(() => undefined);
    const again = await trainRater(await table(160), { out, seeds: [1, 2] });
    expect(log).toHaveBeenCalledWith(`${out} holds this very rater: it is loaded.`);
    log.mockRestore();
    expect(again.packed).toEqual(rater.packed);
  });

  test("makes a page that is escaped, allows its own script alone, and is small", () => {
    const page = fs.readFileSync(path.join(out, "report.html"), "utf8");
    expect(page.length).toBeLessThan(5e6);
    expect(page).toMatch(
      /http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; /,
    );
    expect(page).not.toContain("<img src=x");
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page).not.toMatch(/[\u0000-\u0008\ud800\u2028]/);
    for (const part of [
      "What went in",
      "How good it is",
      "Where it errs",
      "The ten worst mistakes",
      "Whether more reviews would help",
      "Limits",
    ]) {
      expect(page).toContain(part);
    }
  });

  test("a rater that is damaged, another's, or missing is told in one sentence", () => {
    const text = fs.readFileSync(path.join(out, "rater.json"), "utf8");
    const damaged = path.join(folder, "damaged");
    fs.mkdirSync(damaged);
    for (const content of [
      text.replace('"bits":8', '"bits":9').replace('"bits":16', '"bits":9'),
      text.slice(0, -9),
      "{}",
    ]) {
      fs.writeFileSync(path.join(damaged, "rater.json"), content);
      expect(() => loadRater(damaged)).toThrow(
        "rater.json is damaged, or another version wrote it",
      );
    }
    expect(() => loadRater(path.join(folder, "none"))).toThrow("There is no rater in");
  });
});

test("what cannot be trained on is told before anything is done", async () => {
  const rows = await table(120);
  const out = path.join(folder, "no");
  const train = (from: object[], more: object = {}) =>
    trainRater(from, { out, progress: false, ...more });
  await expect(train(rows.slice(0, 50))).rejects.toThrow("50 reviews are too few");
  await expect(train(rows, { epochs: 3 })).rejects.toThrow('has no option "epochs"');
  await expect(train(rows, { seeds: [] })).rejects.toThrow("There are no seeds");
  await expect(train(rows, { out: "" })).rejects.toThrow("needs a folder");
  await expect(
    train(rows, {
      test: [
        { review: "fine as it is", stars: 5, item: "a" },
        { review: "bad", stars: 7, item: "b" },
      ],
    }),
  ).rejects.toThrow("have the rating 7 (line 2)");
  expect(fs.existsSync(out)).toBe(false);
});

test("a group is never on both sides, and the larger part stays first", () => {
  const rows = Array.from({ length: 1000 }, (_, i) => ({ group: i % 37 }));
  const [first, second] = splitByGroup(rows, ({ group }) => group, 0.2, 4);
  const groups = new Set(first.map(({ group }) => group));
  expect(second.some(({ group }) => groups.has(group))).toBe(false);
  expect(second.length).toBeGreaterThanOrEqual(200);
  expect(second.length).toBeLessThan(240);
  expect(() => splitByGroup(rows, () => 1, 0.2, 4)).toThrow("1 groups cannot be split");
});

test("the learning curve says no more than its interval", () => {
  const error = { estimate: 0.5, lower: 0.45, upper: 0.55 };
  const last = (estimate: number, lower: number, upper: number) =>
    curveVerdict([
      { reviews: 10, error, gain: null },
      { reviews: 20, error, gain: { estimate, lower, upper } },
    ]);
  expect(last(0.05, 0.02, 0.08)).toContain("very probably help");
  expect(last(0.0, -0.004, 0.004)).toContain("would hardly help");
  expect(last(0.02, -0.01, 0.05)).toContain("cannot be told");
  expect(curveVerdict([])).toBe("");
});

test("a step that was kept with a flipped bit is done again, and it is said so", async () => {
  const lines: string[] = [];
  const steps = new Steps(path.join(folder, "steps"), (line) => void lines.push(line));
  const learned = { packed: loadRater(path.join(folder, "rater")).packed, loss: 0.25 };
  const work = jest.fn(() => learned);
  const take = () => steps.take("bag", "Linear model", work);
  await take();
  expect(await take()).toEqual(JSON.parse(JSON.stringify(learned)));
  expect(work).toHaveBeenCalledTimes(1);
  const file = path.join(steps.folder, "bag.json");
  const whole = fs.readFileSync(file);
  for (const share of [0, 0.1, 0.5, 0.999]) {
    const flipped = Buffer.from(whole);
    flipped[Math.floor(share * flipped.length)] ^= 1;
    fs.writeFileSync(file, flipped);
    lines.length = 0;
    expect(await take()).toBe(learned);
    expect(lines[0]).toBe(`Linear model: ${file} is damaged, so it is done again`);
    expect(fs.readFileSync(file)).toEqual(whole);
  }
  expect(work).toHaveBeenCalledTimes(5);
});

test("a training that was killed goes on, and ends as one that was not", async () => {
  const file = path.join(folder, "killed.csv");
  const rows = await table(110);
  const cells = rows.map(({ review, stars }) => `${stars},"${review.replaceAll('"', '""')}"`);
  fs.writeFileSync(file, ["stars,review", ...cells].join("\n"));
  const command = path.join(__dirname, "../lib/bin/starlit.cjs");
  const train = (out: string, killAt?: RegExp) =>
    new Promise<string>((resolve) => {
      const child = spawn(process.execPath, [command, "train", file, "--out", out, "--no-curve"]);
      let told = "";
      child.stdout.on("data", (data: Buffer) => {
        told += data.toString();
        if (killAt?.test(told)) child.kill("SIGKILL");
      });
      child.stderr.on("data", (data: Buffer) => (told += data.toString()));
      child.on("close", () => resolve(told));
    });
  const killed = path.join(folder, "killed");
  await train(killed, /epoch 2\/30/);
  expect(fs.existsSync(path.join(killed, "rater.json"))).toBe(false);
  const told = await train(killed);
  expect(told).toContain("Linear model: done before");
  expect(told).not.toContain("epoch 1/30");
  const whole = path.join(folder, "whole");
  await train(whole);
  expect(loadRater(killed).packed).toEqual(loadRater(whole).packed);
  expect(loadRater(killed).report.losses).toEqual(loadRater(whole).report.losses);
});
