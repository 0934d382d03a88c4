import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { catalogue } from "../lib/src/data";
import { tf } from "../lib/src/engine";
import { learnBag } from "../lib/src/reviews/bag";
import { raterFile, type RaterReport, saveRater } from "../lib/src/reviews/rater";
import { sizesFor } from "../lib/src/reviews/sizes";
import { rating } from "../lib/src/studies";
import { WeightAverage } from "../lib/src/studies/experiment/weightAverage";
import { filmRaterFolderOf } from "../lib/src/studies/rating/raterFolder";
import { freshData } from "./support";

const folder = freshData();

/** Saves a rater of a few words where that of the quick profile lies. */
function saveSome(standIn: boolean): void {
  const reviews = Array.from({ length: 60 }, (_, i) => ({
    text: i % 2 ? `superb cast ${i % 7}` : `dull story ${i % 7}`,
    rating: i % 2 ? 10 : 1,
    group: null,
    line: i,
  }));
  const scale = { values: [1, 10], labels: ["1", "10"] };
  const lesson = {
    train: reviews.slice(20),
    validation: reviews.slice(0, 20),
    scale,
    sizes: sizesFor(40),
  };
  saveRater(filmRaterFolderOf("quick", standIn), learnBag(lesson).packed, {} as RaterReport);
}

const starlit = (data: string) =>
  spawnSync(
    process.execPath,
    [path.join(__dirname, "../lib/bin/starlit.cjs"), "rate", "A dull story. Superb cast!"],
    { encoding: "utf8", env: { ...process.env, STARLIT_DATA: data } },
  );

test("without a saved model one line says how to make one", () => {
  expect(() => rating.loadRater()).toThrow(
    "make one of film reviews with `npx starlit train-rater`",
  );
  const missing = starlit(path.join(folder, "empty"));
  expect(missing.status).toBe(1);
  expect(missing.stderr.trim().split("\n")).toHaveLength(1);
  expect(missing.stderr).toContain("npx starlit train-rater");
});

test("the command takes the film reviews' rater; one of stand-in reviews only where there is no other", () => {
  saveSome(true);
  expect(rating.loadRater()).toMatchObject({ profile: "quick", standIn: true });
  expect(starlit(path.join(folder, "cache")).stderr).toMatch(
    /^This rater learned from reviews of clothes/,
  );
  saveSome(false);
  const rater = rating.loadRater();
  expect(rater).toMatchObject({ profile: "quick", standIn: false, values: [1, 10] });
  const { words } = rating.rateReview(rater, "A dull story. Superb cast!");
  expect(words.map(({ word }) => word).sort()).toEqual(["cast", "dull", "story", "superb"]);
  expect(() => rating.rateReview(rater, "…!")).toThrow("no word that the model knows");
  const told = starlit(path.join(folder, "cache"));
  expect(told.stdout).toMatch(/^\d+\.\d of 10, with 80 % probability \d+ to \d+\n/);
  expect(told.stderr).toMatch(
    /^This rater is a toy, .*`npx starlit train-rater --profile full`.*\n$/,
  );
  expect(told.stdout).toMatch(/[+−]\d\.\d\d {2}dull\n/);
});

test("the rater of film reviews is made of all of them, unless a toy is asked for", () => {
  // A mirror with a file of that name; its bytes are refused before a training begins.
  const mirror = path.join(folder, "mirror");
  for (const { file } of catalogue["imdb-reviews"].files[0].copies) {
    fs.mkdirSync(path.dirname(path.join(mirror, file)), { recursive: true });
    fs.writeFileSync(path.join(mirror, file), "none");
  }
  const begun = (...args: string[]) =>
    spawnSync(
      process.execPath,
      [path.join(__dirname, "../lib/bin/starlit.cjs"), "train-rater", ...args],
      {
        encoding: "utf8",
        env: {
          ...process.env,
          STARLIT_DATA: path.join(folder, "none"),
          STARLIT_MIRROR: mirror,
          STARLIT_PROFILE: "",
        },
      },
    ).stderr;
  expect(begun()).toContain("Training on the film reviews in the full profile.\n");
  expect(begun("--profile", "quick")).toContain("in the quick profile.\n");
});

test("the pages take the rater of the study's own reviews, with its profile, or say why they have none", () => {
  const pages = (data: string) => {
    const script = `import { filmRater } from "./scripts/site.mjs"; console.log(JSON.stringify(filmRater()));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: path.join(__dirname, ".."),
      encoding: "utf8",
      env: { ...process.env, STARLIT_DATA: data },
    });
    return { made: JSON.parse(stdout) as { html: string } | null, stderr };
  };
  const cache = process.env.STARLIT_DATA!;
  saveSome(true);
  saveSome(false);
  const { made, stderr } = pages(cache);
  expect(made!.html).toContain(
    "a toy, which learned from a few of the study's film reviews (quick",
  );
  expect(stderr).toBe("");

  const file = raterFile(filmRaterFolderOf("quick", false));
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace('"values":[1', '"values":[2'));
  const damaged = pages(cache);
  expect(damaged.made).toBeNull();
  expect(damaged.stderr).toMatch(/^The pages of .*rater\.json is damaged, .*\n$/);

  fs.rmSync(file);
  const standIn = pages(cache);
  expect(standIn.made).toBeNull();
  expect(standIn.stderr).toMatch(/^The pages .* stand in for the study's: .* train-rater.*\n$/);

  const none = pages(path.join(folder, "empty"));
  expect(none.made).toBeNull();
  expect(none.stderr).toMatch(/^The pages .*No model to rate with is saved yet: .*\n$/);
});

test("weights are averaged over the epochs from one on", () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  const average = new WeightAverage(model, path.join(folder, "average"), 2);
  const values = [100, 1, 2, 6];
  values.forEach((value, i) => {
    model.setWeights([tf.tensor2d([[value]]), tf.tensor1d([-value])]);
    average.note(i + 1);
  });
  average.apply(4);
  expect(model.getWeights().map((weight) => weight.dataSync()[0])).toEqual([3, -3]);
  average.apply(1);
  expect(model.getWeights()[0].dataSync()[0]).toBe(3);
});
