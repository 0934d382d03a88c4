import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Random, StarlitError, tf } from "../lib/src/engine";
import {
  choice,
  DivergedError,
  fit,
  logRange,
  type Point,
  RandomSearch,
  range,
  type Run,
  type SearchOptions,
  type Space,
  SuccessiveHalving,
  type TrialTask,
} from "../lib/src/training";
import { drawPoints } from "../lib/src/training/space";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-search-"));
const environment = { ...process.env };
beforeAll(() => void (process.env.STARLIT_DATA = path.join(folder, "cache")));
afterAll(() => {
  process.env = environment;
  fs.rmSync(folder, { recursive: true });
});

describe("spaces", () => {
  test("values stay in their range, and a step's last value is met", () => {
    const random = new Random(1);
    const drawn = <T>(draw: (random: Random) => T) =>
      Array.from({ length: 500 }, () => draw(random));
    expect([...new Set(drawn(choice("a", "b").draw))].sort()).toEqual(["a", "b"]);
    expect([...new Set(drawn(range(0, 0.4, 0.1).draw))].sort()).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
    for (const value of drawn(range(-1, 3).draw)) expect(value >= -1 && value <= 3).toBe(true);
    const rates = drawn(logRange(1e-5, 1e-1).draw);
    for (const rate of rates) expect(rate >= 1e-5 && rate <= 1e-1).toBe(true);
    // Half of the orders of magnitude lie below 1e-3; four standard deviations of 500 draws are 45.
    expect(Math.abs(rates.filter((rate) => rate < 1e-3).length - 250)).toBeLessThan(45);
  });

  test("points are all different, the same for the same seed, and no more than there are", () => {
    const space = { units: choice(8, 16, 32), dropout: range(0, 0.1, 0.1) };
    const points = drawPoints(space, 50, new Random(4));
    expect(points).toHaveLength(6);
    expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(6);
    expect(drawPoints(space, 4, new Random(4))).toEqual(points.slice(0, 4));
  });

  test("a value that is given twice, and a range of two numbers, end the drawing", () => {
    const points = (space: Space) =>
      drawPoints(space, 3, new Random(1))
        .map(({ a }) => a)
        .sort();
    expect(choice(0.1, 1e-1, 0.2).count).toBe(2);
    expect(points({ a: choice(0.1, 1e-1, 0.2) })).toEqual([0.1, 0.2]);
    expect(points({ a: choice("x", "x", "x") })).toEqual(["x"]);
    expect(points({ a: range(1, 1 + Number.EPSILON) }).length).toBeLessThanOrEqual(2);
    expect(points({ a: range(1, 1 + 1e-13, 1e-14) })).toEqual([1]);
  });

  test.each([
    [() => range(2, 1), /range\(2, 1\) is empty/],
    [() => range(0, 1, 0), /step of range is 0/],
    [() => logRange(0, 1), /logRange begins at 0/],
    [() => choice(), /no values to choose from/],
  ])("a dimension without values is refused: %#", (make, sentence) => {
    expect(make).toThrow(StarlitError);
    expect(make).toThrow(sentence);
  });
});

describe("searches of a known function", () => {
  const space = { a: range(0, 30, 1) };
  type Known = typeof space;

  function options(id: string, given: [number, number][]): SearchOptions<Known> {
    return {
      id: `known/${id}`,
      space,
      objective: "valAuc",
      direction: "max",
      trials: 27,
      seed: 2,
      run: ({ a }: Point<Known>, { trial, epochs }: TrialTask) => {
        given.push([trial, epochs]);
        if (a === 3) throw new DivergedError("The loss became NaN.");
        const valAuc = Array.from({ length: epochs }, (_, epoch) => a + epoch / 10);
        return Promise.resolve({ history: { valAuc } } as unknown as Run);
      },
      progress: false,
    };
  }

  test("random search: every point once, best first, a diverged one last", async () => {
    const given: [number, number][] = [];
    const trials = await new RandomSearch({ ...options("random", given), epochs: 3 }).search();
    expect(given).toEqual(Array.from({ length: 27 }, (_, i) => [i + 1, 3]));
    const drawn = drawPoints(space, 27, new Random(2)).map(({ a }) => a);
    expect(drawn).toContain(3);
    const order = drawn.filter((a) => a !== 3).sort((x, y) => y - x);
    expect(trials.map(({ point }) => point.a)).toEqual([...order, 3]);
    expect(trials[0].score).toBeCloseTo(order[0] + 0.2, 9);
    expect(trials[26]).toMatchObject({ run: null, score: -Infinity });
  });

  test("random search: those of its trials that are asked for, the same as in the whole search", async () => {
    const given: [number, number][] = [];
    const search = (only: number[]) =>
      new RandomSearch({ ...options("some", given), epochs: 3, only }).search();
    const drawn = drawPoints(space, 27, new Random(2));
    const trials = await search([27, 4]);
    expect(given).toEqual([
      [4, 3],
      [27, 3],
    ]);
    for (const { trial, point } of trials) expect(point).toEqual(drawn[trial - 1]);
    await expect(search([4, 28])).rejects.toThrow("There is no trial 28: the search has 1 to 27.");
  });

  test("successive halving: a third goes on to three times the epochs", async () => {
    const given: [number, number][] = [];
    const halving = new SuccessiveHalving({
      ...options("halving", given),
      minEpochs: 1,
      maxEpochs: 9,
    });
    const trials = await halving.search();
    const epochs = (n: number) => given.filter(([, each]) => each === n).length;
    expect([epochs(1), epochs(3), epochs(9)]).toEqual([27, 9, 3]);
    expect(trials.slice(0, 3).map(({ epochs }) => epochs)).toEqual([9, 9, 9]);
    expect(trials.map(({ epochs }) => epochs).sort((a, b) => b - a)).toEqual(
      trials.map((t) => t.epochs),
    );
    expect(trials[0].point.a).toBe(
      Math.max(...drawPoints(space, 27, new Random(2)).map(({ a }) => a)),
    );
  });

  test("an unknown objective and impossible rounds are told in a sentence", async () => {
    const random = new RandomSearch({ ...options("unknown", []), objective: "kappa", epochs: 1 });
    await expect(random.search()).rejects.toThrow('judges by "kappa", but there is only valAuc');
    expect(() => new RandomSearch({ ...options("none", []), trials: 0, epochs: 1 })).toThrow(
      /0 trials/,
    );
    expect(
      () => new SuccessiveHalving({ ...options("none", []), minEpochs: 5, maxEpochs: 3 }),
    ).toThrow(/from 5 to 3 epochs/);
  });
});

describe("trials that are no numbers", () => {
  const search = (id: string, direction: "min" | "max", run: (a: number) => Promise<Run>) =>
    new RandomSearch({
      id: `none/${id}`,
      space: { a: choice(0, 1, 2, 3) },
      objective: "valLoss",
      direction,
      trials: 4,
      seed: 2,
      epochs: 2,
      run: ({ a }) => run(a),
      progress: false,
    }).search();

  test.each([
    ["max", [2, 0, 1, 3]],
    ["min", [0, 2, 1, 3]],
  ] as const)("come last, %s", async (direction, order) => {
    const curves = [[0.5, 0.4], [NaN, NaN], [0.9, NaN], [NaN]];
    const trials = await search(direction, direction, (a) =>
      Promise.resolve({ history: { valLoss: curves[a] } } as unknown as Run),
    );
    const places = trials.map(({ point }) => point.a);
    // Two that are never a number come in the order in which they were drawn.
    expect(places.slice(0, 2)).toEqual(direction === "min" ? [0, 2] : [2, 0]);
    expect([...places].sort()).toEqual([...order].sort());
    expect(trials[direction === "max" ? 0 : 1].score).toBe(0.9);
    expect(trials[3].score).toBe(direction === "max" ? -Infinity : Infinity);
  });

  test("a training that diverges in its last batch, or on the validation rows alone, ends its trial only", async () => {
    const x = { data: Float32Array.of(1, 2, 3, 4), shape: [4, 1] };
    const y = Float32Array.of(1, 2, 3, 4);
    const train = async (a: number) => {
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
      const validation = { x: a === 1 ? [[3e38], [3e38]] : [[1], [2]], y: [1, 2] };
      const { history } = await fit(
        model,
        { x, y },
        {
          epochs: 1,
          batchSize: 4,
          loss: "meanSquaredError",
          // One step of this length throws the weights out of float32.
          optimizer: tf.train.sgd(a === 2 ? 3e38 : 0.001),
          validation,
          progress: false,
        },
      );
      return { history } as unknown as Run;
    };
    const trials = await search("diverging", "min", train);
    expect(trials.map(({ run }) => run === null)).toEqual([false, false, true, true]);
    expect(
      trials
        .slice(2)
        .map(({ point }) => point.a)
        .sort(),
    ).toEqual([1, 2]);
    await expect(train(1)).rejects.toThrow(DivergedError);
    await expect(train(2)).rejects.toThrow(/weights became NaN or infinite in the last batches/);
  });

  test("impossible options are told in a sentence", () => {
    const make = (more: object) => () =>
      new RandomSearch({
        id: "none",
        space: {},
        objective: "loss",
        direction: "min",
        trials: 1,
        seed: 1,
        epochs: 1,
        run: () => Promise.reject(new Error("not called")),
        ...more,
      } as SearchOptions<Space> & { epochs: number });
    expect(make({ direction: "maximum" })).toThrow(/no direction "maximum"/);
    expect(make({ epochs: 1.5 })).toThrow("epochs is 1.5: give a whole number");
    expect(make({ seed: -1 })).toThrow("The seed is -1");
    expect(make({ maxTrials: 3 })).toThrow('RandomSearch has no option "maxTrials"');
  });
});

describe.each(["random", "halving"])("%s search in processes of their own", (kind) => {
  function start(
    name: string,
    pause = 0,
  ): { child: ChildProcess; trials: Promise<unknown>; notes: string } {
    const home = path.join(folder, `${kind}-${name}`);
    fs.mkdirSync(home, { recursive: true });
    const notes = path.join(home, "notes");
    const script = path.join(__dirname, "fixtures/search.cjs");
    const child = spawn(process.execPath, [script, kind, notes, String(pause)], {
      env: { ...environment, STARLIT_DATA: path.join(home, "cache"), STARLIT_FRESH: "" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [text, complaint] = ["", ""];
    child.stdout!.on("data", (chunk) => (text += chunk));
    child.stderr!.on("data", (chunk) => (complaint += chunk));
    const trials = new Promise((resolve, reject) =>
      child.on("close", (code) => {
        const line = text.split("\n").find((each) => each.startsWith("TRIALS "));
        if (code) reject(new Error(complaint));
        else resolve(line && JSON.parse(line.slice(7)));
      }),
    );
    return { child, trials, notes };
  }

  const lines = (file: string) =>
    fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim().split("\n") : [];

  test("killed in the middle and started again, or by two at once: the same trials, none twice", async () => {
    const whole = start("whole");
    const expected = await whole.trials;
    expect(expected).toHaveLength(9);

    const killed = start("killed", 200);
    // A child that could not even start would never write its lines.
    while (lines(killed.notes).length < 5 && killed.child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 20));
    killed.child.kill("SIGKILL");
    expect(await killed.trials).toBeUndefined();
    const before = lines(killed.notes).length;
    expect(await start("killed").trials).toEqual(expected);
    // Only the trial that was cut off is trained a second time.
    const total = lines(whole.notes).length;
    expect(before).toBeLessThan(total);
    expect(lines(killed.notes).length).toBeLessThanOrEqual(total + 1);

    const both = [start("both", 100), start("both", 100)];
    for (const { trials } of both) expect(await trials).toEqual(expected);
    expect(lines(both[0].notes).sort()).toEqual(lines(whole.notes).sort());
  });
});
