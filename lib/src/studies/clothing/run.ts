import type { LayersModel } from "@tensorflow/tfjs";
import type { NdArray } from "../../engine";
import { fit, type History, predict, type Run } from "../../training";
import { bags, strongestBag } from "../experiment/bag";
import { type Measured, runNetwork, runWithoutEpochs } from "../experiment/network";
import { prefixed } from "../../training/history";
import {
  changeSettings,
  checkRunOptions,
  modelNamed,
  type Named,
  type RunOptions,
} from "../experiment/settings";
import { type Data, type Part, prepare, type Texts } from "./data";
import { build, type Network, networks } from "./networks";
import { publishedFit, publishedSettings, type Settings } from "./protocol";
import { published } from "./published";
import { predictedStars, scores } from "./scores";
import {
  buildSound,
  isSoundVariant,
  soundFit,
  type SoundSettings,
  soundSettings,
  soundSettingsOf,
  type SoundVariant,
  soundVariants,
} from "./sound";

const variants = Object.keys(soundVariants) as readonly SoundVariant[];

/** Names of the study's models: the published networks, the variants of the sound protocol, `bag`. */
export type Model = Network | SoundVariant | "bag";

/** Names of the study's models: the published networks, the sound protocol and its variants, `bag`. */
export const models: readonly Model[] = [...networks, ...variants, "bag"];

const words = {
  stopWords: ["removed", "kept"],
  text: ["review", "title and review"],
  classWeight: ["none", "balanced"],
  recurrent: ["gru", "lstm"],
  reading: ["mean and attention", "last state", "pairs"],
  loss: ["crossentropy", "ordinal"],
};

/** What the strongest bag reads: the rows and texts of the sound protocol. */
interface BagSettings extends Required<Texts> {
  validationShare: number;
  classWeight: "none" | "balanced";
}

const bagSettings: BagSettings = {
  stopWords: "kept",
  text: "title and review",
  validationShare: soundSettings.validationShare,
  classWeight: "balanced",
};

/** The settings of a published network, of a variant of the sound protocol, or of the bag. */
type AnySettings = Settings | SoundSettings | BagSettings;

/**
 * The settings of a model with what differs from them.
 *
 * @throws StarlitError if there is no such setting, or its value is none that it can have
 */
export function changedSettings(wanted: string, changes: object | undefined): AnySettings {
  const model = modelNamed("clothing", wanted, models);
  const [settings, presets] = presetsOf(model);
  return changeSettings<AnySettings>({ model, settings, changes, presets, words });
}

/** The settings of a model, and those of all of its kind. */
function presetsOf(model: Model): [AnySettings, AnySettings[]] {
  if (model === "bag") return [bagSettings, [bagSettings]];
  if (isSoundVariant(model)) return [soundSettingsOf(model), variants.map(soundSettingsOf)];
  return [publishedSettings(model), networks.map(publishedSettings)];
}

/** How a network is built and trained by its settings. */
function protocolOf(model: Network | SoundVariant, settings: AnySettings) {
  if (isSoundVariant(model)) {
    const sound = settings as SoundSettings;
    return { build: () => buildSound(sound), fitOptions: (data: Data) => soundFit(data, sound) };
  }
  const asPublished = settings as Settings;
  return {
    build: () => build(model, asPublished),
    fitOptions: (data: Data) => publishedFit(data, asPublished),
  };
}

const starsOf = (probabilities: NdArray): NdArray => {
  const stars = predictedStars(probabilities);
  return { data: Int32Array.from(stars), shape: [stars.length] };
};

async function measure(model: LayersModel, data: Data, history: History): Promise<Measured> {
  const train = await predict(model, data.train.x);
  const validation = await predict(model, data.validation.x);
  const test = await predict(model, data.test.x);
  return {
    metrics: {
      ...scores(data.test, test),
      ...prefixed("validation", scores(data.validation, validation)),
      bestEpoch: history.bestEpoch,
    },
    predictions: { test, trainStars: starsOf(train), validationStars: starsOf(validation) },
  };
}

/**
 * The strongest bag on the validation rows, by weighted F1: of words and marks, with and without runs of
 * characters. It reads headlines and reviews before they are cleaned.
 */
function fitBag({ train, validation, test }: Data, { classWeight }: BagSettings): Measured {
  const textsOf = ({ reviews }: Part) => reviews.map(({ title, text }) => `${title} ${text}`);
  const labelled = (part: Part) => ({
    texts: textsOf(part),
    labels: part.ratings.map((rating) => rating - 1),
  });
  const { outputs, choice } = strongestBag(
    {
      candidates: [...bags({ triples: true }), ...bags({ characters: [2, 5] })],
      train: labelled(train),
      validation: labelled(validation),
      score: (_labels, probabilities) => scores(validation, probabilities).weightedF1,
      classWeight: classWeight === "balanced" ? classWeight : undefined,
    },
    { test: textsOf(test), validation: textsOf(validation) },
  );
  return {
    metrics: {
      ...scores(test, outputs.test),
      ...prefixed("validation", scores(validation, outputs.validation)),
      ...choice.metrics,
    },
    predictions: { test: outputs.test, ...choice.predictions },
  };
}

/**
 * Trains a model of the study, or loads the run if it was made before. The published networks are
 * trained as published: up to 15 epochs of batches of 32, Adam, early stopping on the validation
 * loss, best weights; the others by the sound protocol, see `soundSettings`.
 *
 * The run's history has `loss`, `auc`, `valLoss`, `valAuc`, by the sound protocol also `rocAuc`,
 * `weightedF1`, `macroF1` and the same of the validation rows. Metrics are those of the test rows,
 * `validation…` of the validation rows, and `bestEpoch`; predictions are the probabilities of the
 * test rows (`test`) and the stars predicted for the training and validation rows (`trainStars`,
 * `validationStars`).
 *
 * @param model one of `models`
 * @throws StarlitError if there is no such model or setting, or the reader stops the training
 */
export async function run(
  model: SoundVariant,
  options: Omit<RunOptions<SoundSettings>, "standIn">,
): Promise<Run>;
export async function run(
  model: Named<Model>,
  options: Omit<RunOptions<Settings>, "standIn">,
): Promise<Run>;
export async function run(model: string, options: RunOptions<object>): Promise<Run> {
  const name = modelNamed("clothing", model, models);
  checkRunOptions("clothing", options, ["settings"]);
  const { profile, seed } = options;
  const settings = changedSettings(name, options.settings);
  const data = await prepare({ ...settings, profile, seed });
  if (name === "bag") {
    const experiment = { study: "clothing", model: name, settings, seed, profile, data };
    return runWithoutEpochs(experiment, () => fitBag(data, settings as BagSettings));
  }
  const { build, fitOptions } = protocolOf(name, settings);
  return runNetwork({
    study: "clothing",
    model: name,
    settings,
    seed,
    profile,
    data,
    published:
      isSoundVariant(name) || options.settings ? undefined : published.models[name].history,
    build,
    train: (network, training) =>
      fit(network, data.train, {
        ...fitOptions(data),
        ...training,
        validation: data.validation,
      }),
    measure: (network, history) => measure(network, data, history),
  });
}
