import { meanSquaredError } from "../../metrics";
import { type ResultRow, resultRow } from "../experiment/resultRow";
import { published } from "./published";
import { predictedRatings, type Runs } from "./tables";

/** What the study's results are made of. */
export interface ResultParts {
  /** Runs of the published models, by `FAMILY-READING`. */
  vectors: Runs;
  readings: readonly string[];
  /** Runs of the references and of our own models. */
  sound: Runs;
  /** Names in `sound` of which the mean of the seeds' predictions is told as well. */
  averaged: readonly string[];
  /** True ratings of the test folder, in the order of the predictions. */
  truth: readonly number[];
}

/** The study's numbers beside the published ones, for the report. */
export function results({ vectors, readings, sound, averaged, truth }: ResultParts): ResultRow[] {
  const beside = published.models.flatMap(({ letter, family, train, validation, inText }) =>
    readings.flatMap((reading) => {
      const runs = vectors.get(`${family}-${reading}`)!;
      const lowest = (metric: string) => ({ runs, metric, reading, kind: "squaredError" }) as const;
      const note = (said?: number) => (said === undefined ? undefined : `the text says ${said}`);
      return [
        resultRow(
          `Model ${letter}: best validation error`,
          validation,
          lowest("bestValidation"),
          note(inText?.validation),
        ),
        resultRow(
          `Model ${letter}: best training error`,
          train,
          lowest("bestTrain"),
          note(inText?.train),
        ),
      ];
    }),
  );
  const own = [...sound].map(([name, runs]) =>
    resultRow(`In points, test folder: ${name}`, null, { runs, metric: "mse" }),
  );
  const means = averaged.map((name) => {
    const runs = sound.get(name)!;
    const value = meanSquaredError([...truth], predictedRatings(runs));
    const what = `In points, test folder: ${name}, mean of ${runs.length}`;
    return resultRow(what, null, { runs, value });
  });
  return [...beside, ...own, ...means];
}
