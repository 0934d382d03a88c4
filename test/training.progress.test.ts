import { duration, progressOf } from "../lib/src/training/progress";

const task = { title: "lstm <1>", epochs: 3, batches: 10 };
let now = 0;

beforeEach(() => jest.spyOn(Date, "now").mockImplementation(() => now));
afterEach(() => jest.restoreAllMocks());

/** Two epochs of 10 batches, 100 ms each. */
function run(progress: ReturnType<typeof progressOf>) {
  for (let epoch = 0; epoch < 2; epoch++) {
    for (let batch = 0; batch < 10; batch++) {
      now += 100;
      progress.batch(epoch, batch, 0.7);
    }
    progress.epoch(epoch, { loss: 0.5, valAuc: 0.8125 }, [60, 120].slice(0, epoch + 1));
  }
  progress.end();
}

test("a log gets a line an epoch: losses, metrics, seconds, time left", () => {
  const lines: string[] = [];
  jest.spyOn(console, "log").mockImplementation((line) => void lines.push(String(line)));
  run(progressOf(task));
  expect(lines).toEqual([
    "lstm <1>: epoch 1/3  loss 0.5000  valAuc 0.8125  (1 min 0 s, at most 2 min 0 s left)",
    "lstm <1>: epoch 2/3  loss 0.5000  valAuc 0.8125  (2 min 0 s, at most 1 min 30 s left)",
  ]);
});

test("a notebook gets one display, updated at most twice a second, that ends as its last state", () => {
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
  run(progressOf(task));
  kernel.lastWriteDisplayData = null;
  expect(new Set(calls.map(({ id }) => id)).size).toBe(1);
  expect(calls.map(({ update }) => update)).toEqual([false, ...calls.slice(1).map(() => true)]);
  // The last call closes the display, whenever it comes.
  const gaps = calls.slice(1, -1).map(({ at }, i) => at - calls[i].at);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(500);
  expect(calls[0].html).toContain("lstm &lt;1&gt;");
  // It was stopped before its last epoch: no time is left then.
  expect(calls[calls.length - 1].html).toMatch(
    /max="30" value="20".*ended with epoch 2\/3 .* valAuc 0\.8125 {2}\(2 min 0 s\)</,
  );
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
