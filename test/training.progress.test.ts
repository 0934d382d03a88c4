import type { History } from "../lib/src/training";
import { duration, inTurn, progressOf } from "../lib/src/training/progress";

const task = { title: "lstm <1>", epochs: 3, batches: 10 };
let now = 0;

beforeEach(() => jest.spyOn(Date, "now").mockImplementation(() => now));
afterEach(() => jest.restoreAllMocks());

/** Two epochs of 10 batches, 100 ms each. */
function run(progress: ReturnType<typeof progressOf>, history?: History) {
  for (let epoch = 0; epoch < 2; epoch++) {
    for (let batch = 0; batch < 10; batch++) {
      now += 100;
      progress.batch(epoch, batch, 0.7);
    }
    progress.epoch(epoch, { loss: 0.5, valAuc: 0.8125 }, [60, 120].slice(0, epoch + 1));
  }
  progress.end(history);
}

/** What the two epochs gave, however they ended. */
const ended = (how: History["ended"], bestEpoch = 2): History => ({
  history: { loss: [0.5, 0.5], valAuc: [0.875, 0.8125] },
  seconds: [60, 120],
  bestEpoch,
  ended: how,
});

/** The lines of a log. */
function logged(history?: History): string[] {
  const lines: string[] = [];
  jest.spyOn(console, "log").mockImplementation((line) => void lines.push(String(line)));
  run(progressOf(task), history);
  return lines;
}

const epochLines = [
  "lstm <1>: epoch 1/3  loss 0.5000  valAuc 0.8125  (1 min 0 s, at most 2 min 0 s left)",
  "lstm <1>: epoch 2/3  loss 0.5000  valAuc 0.8125  (2 min 0 s, at most 1 min 30 s left)",
];

test("a log gets a line an epoch, and one about an end before the last", () => {
  expect(logged()).toEqual(epochLines); // an error tells itself
  expect(logged(ended("earlyStopping", 1))).toEqual([
    ...epochLines,
    "lstm <1>: stopped early after epoch 2, best epoch 1  loss 0.5000  valAuc 0.8750",
  ]);
  expect(logged(ended("interrupt"))).toEqual([
    ...epochLines,
    "lstm <1>: stopped by you after epoch 2 of 3  loss 0.5000  valAuc 0.8125",
  ]);
});

test("of trainings one after the other each tells which it is, also after one that failed", async () => {
  const lines: string[] = [];
  jest.spyOn(console, "log").mockImplementation((line) => void lines.push(String(line)));
  const train = (title: string) => {
    run(progressOf({ ...task, title }), ended("epochs"));
    return Promise.resolve(title.length);
  };
  expect(await inTurn(["rnn", "lstm"], train)).toEqual([3, 4]);
  const starts = () => lines.map((line) => line.split(/: epoch|: stopped/)[0]);
  expect(new Set(starts())).toEqual(new Set(["1 of 2, rnn", "2 of 2, lstm"]));
  await expect(inTurn(["a", "b"], () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  lines.length = 0;
  await inTurn(["gru"], train);
  expect(new Set(starts())).toEqual(new Set(["gru"]));
});

/** What a notebook shows, display by display. */
function shown(history?: History) {
  const kernel = require("./fixtures/tslab/dist/jupyter") as { lastWriteDisplayData: unknown };
  const calls: { html: string; id?: string; update: boolean; at: number }[] = [];
  kernel.lastWriteDisplayData = (
    message: { data: Record<string, string>; transient: { display_id?: string } },
    update: boolean,
  ) =>
    calls.push({
      html: message.data["text/html"],
      id: message.transient.display_id,
      update,
      at: now,
    });
  run(progressOf(task), history);
  kernel.lastWriteDisplayData = null;
  return calls;
}

test("a notebook gets one display, updated at most twice a second", () => {
  const calls = shown();
  expect(new Set(calls.map(({ id }) => id)).size).toBe(1);
  expect(calls.map(({ update }) => update)).toEqual([false, ...calls.slice(1).map(() => true)]);
  // The last call closes the display, whenever it comes.
  const gaps = calls.slice(1, -1).map(({ at }, i) => at - calls[i].at);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(500);
  expect(calls[0].html).toContain("lstm &lt;1&gt;");
});

test("a notebook's display ends as the training did: full where nothing is missing", () => {
  const last = (history?: History) => shown(history).at(-1)!.html;
  expect(last(ended("earlyStopping", 1))).toMatch(
    /max="30" value="30".*<code>stopped early after epoch 2, best epoch 1 {2}loss 0\.5000 {2}valAuc 0\.8750</,
  );
  expect(last(ended("interrupt"))).toMatch(
    /max="30" value="20".*<code>stopped by you after epoch 2 of 3 /,
  );
  expect(last()).toMatch(/value="20".*<code>ended in an error</);
});

test("times are told as a reader would", () => {
  expect([0.04, 9.96, 42.4, 185, 4320].map(duration)).toEqual([
    "0.0 s",
    "10.0 s",
    "42 s",
    "3 min 5 s",
    "1 h 12 min",
  ]);
});
