import type { LayersModel } from "@tensorflow/tfjs";
import { type Profile, StarlitError, withSeed } from "../../engine";
import {
  type History,
  type PublishedCurves,
  type Run,
  type RunSpec,
  storedRun,
  type Trained,
} from "../../training";

/** What a study asks of data beside the rows: they name the run. */
export interface StudyData {
  /** Hash of all that the models see. */
  fingerprint: string;
  /** Whether the data stand in for those of the study. */
  standIn: boolean;
}

/** What makes a run of a study this run. */
export interface Experiment {
  /** Id of the study. */
  study: string;
  /** Name of the model in the study. */
  model: string;
  /** All that was chosen: plain data. */
  settings: object;
  seed: number;
  profile: Profile;
  data: StudyData;
}

/** How a network is trained and what is measured of it. */
export interface NetworkExperiment extends Experiment {
  /** A new model; what is drawn at random for it comes from the seed. */
  build: () => LayersModel;
  /** Trains it, with these options for `fit`. */
  train: (model: LayersModel, options: TrainingOptions) => Promise<History>;
  /** Measures the trained model; a training that was stopped is not measured. */
  measure: (model: LayersModel, history: History, checkpoint: string) => Promise<Measured>;
  /** Published curves by the names of ours, where the document has some. */
  published?: PublishedCurves;
  /** Says nothing when a finished run is loaded. */
  quiet?: boolean;
}

/** Options that every `fit` of a run gets. */
export interface TrainingOptions {
  seed: number;
  checkpoint: string;
  progress: string;
  published?: PublishedCurves;
  kept: string;
}

/** What is stored of a run beside its history. */
export type Measured = Omit<Trained, "history">;

/**
 * What names the stored run of an experiment.
 *
 * @throws StarlitError if the full profile would be trained, for hours, on data that stand in
 */
export function runSpec({ study, model, settings, seed, profile, data }: Experiment): RunSpec {
  if (profile === "full" && data.standIn) {
    throw new StarlitError(
      `The full profile trains ${model} on the data of its study, which cannot be had here: see ` +
        "data/README.md, or take the quick profile, for which other data stand in.",
    );
  }
  return {
    study,
    model,
    hyperParameters: { ...(settings as RunSpec["hyperParameters"]) },
    seed,
    profile,
    dataFingerprint: data.fingerprint,
    standIn: data.standIn,
  };
}

/**
 * The run of a network: loaded if it was made before, else trained and measured. A training that the
 * reader stops ends here, is not measured, and goes on where it was when the run is asked for again.
 *
 * @throws StarlitError if the reader stops the training
 */
export function runNetwork(experiment: NetworkExperiment): Promise<Run> {
  const { study, model: name, seed, data, build, train, measure, quiet } = experiment;
  // What was computed on other data stands beside no published number.
  const published = data.standIn ? undefined : experiment.published;
  return storedRun(
    runSpec(experiment),
    async (checkpoint) => {
      const model = withSeed(seed, build);
      try {
        const progress = `${name}, seed ${seed}`;
        const kept = `${study} ${progress}`;
        const history = await train(model, { seed, checkpoint, progress, published, kept });
        if (history.ended === "interrupt") return { history, metrics: {} };
        return { history, ...(await measure(model, history, checkpoint)) };
      } finally {
        model.dispose();
      }
    },
    { quiet },
  );
}

/** The run of a model that has no epochs, such as a linear one: loaded, or fitted and measured. */
export function runWithoutEpochs(experiment: Experiment, measure: () => Measured): Promise<Run> {
  const history: History = { history: {}, seconds: [], bestEpoch: 0, ended: "epochs" };
  return storedRun(runSpec(experiment), () => Promise.resolve({ history, ...measure() }));
}
