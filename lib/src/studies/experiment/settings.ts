import { checkOptions, knownNames, type Profile, StarlitError } from "../../engine";

/** What a run of a study is asked for beside its model. */
export interface RunOptions<Settings = never> {
  profile: Profile;
  /** Seed of all that is drawn at random: first weights, order, dropout, validation rows. */
  seed: number;
  /** What differs from the model's settings. */
  settings?: Partial<Settings>;
  /** As in the loader of the study's data: whether other data may stand in. */
  standIn?: boolean;
}

/** A name of a list, offered while it is typed; others compile as well, and are refused when it runs. */
export type Named<Name extends string> = Name | (string & Record<never, never>);

/**
 * The name as one of a study's.
 *
 * @throws StarlitError with the nearest name, or all of them
 */
export function modelNamed<Name extends string>(
  study: string,
  name: string,
  models: readonly Name[],
): Name {
  const found = models.find((each) => each === name);
  if (found !== undefined) return found;
  throw new StarlitError(`The study ${study} has no model "${name}": ${knownNames(name, models)}`);
}

/**
 * The text as a profile.
 *
 * @throws StarlitError if there is no such profile
 */
export function profileNamed(name: string): Profile {
  if (name === "quick" || name === "full") return name;
  throw new StarlitError(`There is no profile "${name}": use quick or full.`);
}

/**
 * Refuses what a run would ignore: an option that is not known, and a profile that there is not.
 *
 * @param known names of the options beside `profile` and `seed`
 * @throws StarlitError with the nearest name
 */
export function checkRunOptions(
  study: string,
  options: RunOptions<object>,
  known: readonly string[],
): void {
  checkOptions(`${study}.run`, options, ["profile", "seed", ...known]);
  profileNamed(options.profile);
}

/** Settings, and what may be changed of them. */
interface Changes<Settings> {
  model: string;
  settings: Settings;
  changes: Partial<Settings> | undefined;
  /** Settings of all models: one of them has each setting, with a value of each kind. */
  presets: readonly Settings[];
  /** The words that a setting may be, where it is a word. */
  words: { readonly [Name in keyof Settings]?: readonly string[] };
}

/**
 * The settings of a model with what differs from them.
 *
 * @throws StarlitError if there is no such setting, or its value is none that it can have
 */
export function changeSettings<Settings extends object>({
  model,
  settings,
  changes = {},
  presets,
  words,
}: Changes<Settings>): Settings {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const known = [...new Set(presets.flatMap((preset) => Object.keys(preset)))];
  for (const [name, value] of given) {
    if (!known.includes(name)) {
      throw new StarlitError(
        `The model ${model} has no setting "${name}": ${knownNames(name, known)}`,
      );
    }
    checkValue(name, value, presets as readonly Record<string, unknown>[], words);
  }
  return { ...settings, ...Object.fromEntries(given) };
}

function checkValue(
  name: string,
  value: unknown,
  presets: readonly Record<string, unknown>[],
  words: { readonly [name: string]: readonly string[] | undefined },
): void {
  const known = words[name];
  if (typeof value === "string" && known) {
    if (known.includes(value)) return;
    throw new StarlitError(`The setting ${name} is "${value}": ${knownNames(value, known)}`);
  }
  const kinds = new Set(presets.map((preset) => typeof preset[name]));
  const finite = typeof value !== "number" || Number.isFinite(value);
  if (finite && kinds.has(typeof value)) return;
  kinds.delete("undefined");
  const wanted = [...kinds].map((kind) => (kind === "string" ? known?.join(" or ") : `a ${kind}`));
  const shown = typeof value === "number" ? String(value) : JSON.stringify(value);
  throw new StarlitError(`The setting ${name} is ${shown}: give ${wanted.join(" or ")}.`);
}
