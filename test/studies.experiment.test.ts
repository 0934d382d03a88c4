import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { tf } from "../lib/src/engine";
import {
  attention,
  clothing,
  findStudy,
  lab,
  rating,
  simplifiedAttention,
  studies,
} from "../lib/src/studies";
import { changedSettings as attentionSettings } from "../lib/src/studies/attention/settings";
import { changedSettings as clothingSettings } from "../lib/src/studies/clothing/run";
import { EpochNotes } from "../lib/src/studies/experiment/epochNotes";
import { memo } from "../lib/src/studies/experiment/memo";
import { runNetwork, runSpec } from "../lib/src/studies/experiment/network";
import { changedSettings as simplifiedSettings } from "../lib/src/studies/simplifiedAttention/settings";
import { type History, runFile } from "../lib/src/training";
import { readRun, runName } from "../lib/src/training/runRecord";
import { freshData } from "./support";

jest.setTimeout(120_000);
freshData();
beforeAll(() => void jest.spyOn(console, "log").mockImplementation(() => {}));

describe("the runs of data/runs", () => {
  const folder = path.join(__dirname, "../data/runs");
  const files = fs
    .readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".json"))
    .sort();
  const stored = files.map((file) => ({ file, run: readRun(path.join(folder, file))! }));

  /** What a run's settings change of those of its model, as its notebook gave them. */
  function changes(given: object, own: object) {
    const known = Object.entries(own).map(([name, value]) => [name, JSON.stringify(value)]);
    const before = new Map(known as [string, string][]);
    return Object.fromEntries(
      Object.entries(given).filter(([name, value]) => before.get(name) !== JSON.stringify(value)),
    );
  }

  const settingsOf: Record<string, (model: string, given: object) => object> = {
    rating: (model) => rating.settingsOf(model, "full"),
    clothing: (model, given) => {
      const own = clothingSettings(model as clothing.Model, undefined);
      return clothingSettings(model as clothing.Model, changes(given, own));
    },
    "simplified-attention": (model) =>
      simplifiedSettings(model as simplifiedAttention.Model, "full", undefined),
    attention: (model) => attentionSettings(model as attention.Model, "full", undefined),
    lab: () => lab.settings,
  };

  test("there are more than 600, of all studies and of the searches", () => {
    expect(stored.length).toBeGreaterThan(600);
    const folders = new Set(files.map((file) => path.dirname(file)));
    for (const { id } of studies) expect(folders).toContain(id);
    expect(folders).toContain("clothing/search");
  });

  test("have the names that their contents make", () => {
    expect(stored.map(({ run }) => `${run.study}/${runName(run)}.json`)).toEqual(files);
  });

  test("are asked for by today's settings, under the same names", () => {
    const asked = stored.flatMap(({ run }) => {
      const { study, model, hyperParameters, seed, profile, dataFingerprint, standIn } = run;
      if (!(study in settingsOf)) return [run];
      const settings = settingsOf[study](model, hyperParameters);
      const data = { fingerprint: dataFingerprint, standIn };
      return [runSpec({ study, model, settings, seed, profile, data })];
    });
    expect(asked.map((spec) => `${spec.study}/${runName(spec)}.json`)).toEqual(files);
  });

  test("are of models that the studies still have", () => {
    for (const { run } of stored) {
      const { models } = findStudy(run.study.replace("/search", ""));
      expect(models).toContain(run.model);
    }
  });
});

test("the full profile trains nothing on data that stand in", async () => {
  const options = { profile: "full", seed: 1, standIn: true } as const;
  await expect(lab.run("mean", options)).rejects.toThrow(
    /^The full profile trains mean on the data of its study, which cannot be had here: .* quick/,
  );
});

describe("the runner", () => {
  const data = { fingerprint: "made-up", standIn: true };
  const made = { study: "made-up", model: "line", settings: { units: 1 }, seed: 1 } as const;
  const build = () => {
    const x = tf.input({ shape: [1] });
    const y = tf.layers.dense({ units: 1 }).apply(x) as typeof x;
    return tf.model({ inputs: x, outputs: y });
  };
  const history = (ended: History["ended"]): History => ({
    history: { loss: [0.5] },
    seconds: [1],
    bestEpoch: 1,
    ended,
  });

  test("measures what was trained, stores it, and loads it the next time", async () => {
    const train = jest.fn(() => Promise.resolve(history("epochs")));
    const weight: number[] = [];
    const run = () =>
      runNetwork({
        ...made,
        profile: "quick",
        data,
        build,
        train,
        measure: (model) => {
          weight.push(model.getWeights()[0].dataSync()[0]);
          return Promise.resolve({ metrics: { accuracy: 0.75 } });
        },
      });
    const before = tf.memory().numTensors;
    const first = await run();
    expect(first).toMatchObject({ study: "made-up", model: "line", hyperParameters: { units: 1 } });
    expect(first.metrics).toEqual({ accuracy: 0.75 });
    expect(await run()).toEqual(first);
    expect(train).toHaveBeenCalledTimes(1);
    expect(train.mock.calls[0]).toMatchObject([
      {},
      { seed: 1, progress: "line, seed 1", checkpoint: expect.stringContaining("made-up/line") },
    ]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test("neither measures nor stores a training that was stopped", async () => {
    const measure = jest.fn();
    const experiment = { ...made, seed: 2, profile: "quick", data } as const;
    const before = tf.memory().numTensors;
    const run = runNetwork({
      ...experiment,
      build,
      train: () => Promise.resolve(history("interrupt")),
      measure,
    });
    await expect(run).rejects.toThrow("line, seed 2: stopped after 1 finished epochs");
    expect(measure).not.toHaveBeenCalled();
    expect(fs.existsSync(runFile(runSpec(experiment)))).toBe(false);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test("notes beside a checkpoint of which a bit was flipped are refused with their file", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-notes-"));
  let epoch = 0;
  const notes = new EpochNotes(folder, "seen", () => Promise.resolve([++epoch, epoch / 2]));
  await notes.note(1);
  await notes.note(2);
  // Another process, which goes on.
  const again = new EpochNotes(folder, "seen", () => Promise.resolve([3, 1.5]));
  await again.note(3);
  expect([...again.read(3, [2]).data]).toEqual([1, 0.5, 2, 1, 3, 1.5]);
  const file = path.join(folder, "seen-2.json");
  const whole = fs.readFileSync(file);
  const damaged = `${file}, a note beside a checkpoint, is missing or damaged: delete the folder ${folder}, and`;
  for (let at = 0; at < whole.length; at++) {
    const flipped = Buffer.from(whole);
    flipped[at] ^= 1;
    fs.writeFileSync(file, flipped);
    expect(() => again.read(3, [2])).toThrow(damaged);
  }
  fs.rmSync(file);
  expect(() => again.read(3, [2])).toThrow(damaged);
  fs.rmSync(folder, { recursive: true });
});

describe("the stop button in the first epoch", () => {
  const HOOK = Symbol.for("kernel.onInterrupt");
  const host = globalThis as { [HOOK]?: (() => void) | null };
  const standIn = { profile: "quick", seed: 3, standIn: true } as const;
  let pressing: NodeJS.Timeout;

  beforeEach(() => {
    host[HOOK] = null;
    pressing = setInterval(() => host[HOOK]?.(), 1);
  });
  afterEach(() => {
    clearInterval(pressing);
    delete host[HOOK];
  });

  test.each([
    ["rating, vectors", () => rating.run("lstm-2-bag", standIn)],
    ["rating, words", () => rating.run("pairs", standIn)],
    ["clothing, as published", () => clothing.run("gru-2", { profile: "quick", seed: 3 })],
    ["clothing, sound", () => clothing.run("sound", { profile: "quick", seed: 3 })],
    ["simplified attention, by schedule", () => simplifiedAttention.run("gru", standIn)],
    ["simplified attention, pairs", () => simplifiedAttention.run("own-first", standIn)],
    ["attention, film reviews", () => attention.run("imdb-lstm-attention", standIn)],
    ["attention, tweets", () => attention.run("tweets-ffnn", standIn)],
    ["lab", () => lab.run("lstm", standIn)],
  ])("%s: ends the run in a sentence", async (_name, run) => {
    await expect(run()).rejects.toThrow(
      /^\S+, seed 3: stopped after 0 finished epochs; the same command goes on from there\.$/,
    );
  });
});

describe("what nobody knows is refused with the nearest name", () => {
  const quick = { profile: "quick", seed: 1 } as const;
  const given = (settings: object) => ({ ...quick, settings }) as never;

  test.each([
    ["lstm-2", { lerningRate: 0.01 }, 'The model lstm-2 has no setting "lerningRate": did you'],
    ["sound", { word_dropout: 0.1 }, 'has no setting "word_dropout": did you mean "wordDropout"?'],
    ["gru-1", { balance: 1 }, 'The model gru-1 has no setting "balance": use units, dropout,'],
    ["gru-1", { stopWords: "remove" }, 'stopWords is "remove": did you mean "removed"?'],
    ["gru-1", { epochs: "3" }, 'The setting epochs is "3": give a number.'],
    ["gru-1", { epochs: NaN }, "The setting epochs is NaN: give a number."],
    ["sound", { mask: 1 }, "The setting mask is 1: give a boolean."],
  ])("clothing.run(%j, %j)", async (model, settings, sentence) => {
    await expect(clothing.run(model, given(settings))).rejects.toThrow(sentence);
  });

  test("settings of the other studies", async () => {
    await expect(attention.run("imdb-own", given({ dropOut: 0.1 }))).rejects.toThrow(
      'The model imdb-own has no setting "dropOut": did you mean "dropout"?',
    );
    await expect(attention.run("imdb-own", given({ length: "median" }))).rejects.toThrow(
      'The setting length is "median": did you mean "mean"?',
    );
    await expect(simplifiedAttention.run("lstm", given({ from: "begin" }))).rejects.toThrow(
      'The setting from is "begin": use start, end.',
    );
  });

  test.each(studies)("$id: models, options and profiles", async ({ id, models, run }) => {
    const near = `${models[0]}x`;
    await expect(run(near, quick)).rejects.toThrow(
      `The study ${id} has no model "${near}": did you mean "${models[0]}"?`,
    );
    await expect(run("toString", quick)).rejects.toThrow(`The study ${id} has no model "toString"`);
    await expect(run(models[0], { ...quick, seeds: 2 } as never)).rejects.toThrow(
      'has no option "seeds": did you mean "seed"?',
    );
    await expect(run(models[0], { seed: 1, profile: "ful" as never })).rejects.toThrow(
      'There is no profile "ful": use quick or full.',
    );
  });

  test("a setting that is undefined is one that was not given", () => {
    const asPublished = clothing.publishedSettings("gru-2");
    expect(clothingSettings("gru-2", { epochs: undefined })).toEqual(asPublished);
    expect(clothingSettings("gru-2", { epochs: 3 })).toEqual({ ...asPublished, epochs: 3 });
  });

  test("a search by what there is not", async () => {
    const search = (options: object) => clothing.search("gru-1", { ...quick, ...options });
    await expect(search({ method: "halfing" })).rejects.toThrow('did you mean "halving"?');
    await expect(search({ objective: "f1" })).rejects.toThrow("use auc, valAuc, valRocAuc.");
    await expect(search({ trails: 3 })).rejects.toThrow('did you mean "trials"');
  });
});

describe("data that are prepared once", () => {
  test("are shared by those who ask alike, at the same time too", async () => {
    const make = jest.fn((options: { seed: number }) => Promise.resolve([options.seed]));
    const made = memo(make, 2);
    const [first, again] = await Promise.all([made({ seed: 1 }), made({ seed: 1 })]);
    expect(again).toBe(first);
    expect(make).toHaveBeenCalledTimes(1);
    await made({ seed: 2 });
    expect(await made({ seed: 1 })).toBe(first);
    await made({ seed: 3 }); // the second goes, as the first was asked for later
    expect(await made({ seed: 1 })).toBe(first);
    await made({ seed: 2 });
    expect(make).toHaveBeenCalledTimes(4);
  });

  test("are tried again where they failed", async () => {
    const make = jest.fn().mockRejectedValueOnce(new Error("no network")).mockResolvedValue("data");
    const made = memo(make);
    await expect(made()).rejects.toThrow("no network");
    expect(await made()).toBe("data");
  });

  test("study 4 cuts texts into tokens once for all of its networks", async () => {
    const options = { profile: "quick", seed: 1, standIn: true } as const;
    const prepared = await attention.prepare(attention.settingsOf("imdb-ffnn", "quick"), options);
    const again = await attention.prepare(attention.settingsOf("imdb-rnn", "quick"), options);
    expect(again).toBe(prepared);
  });
});
