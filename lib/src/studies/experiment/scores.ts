/** Scores with a part before their names: `f1` of the part `validation` is `validationF1`. */
export function prefixed(part: string, scores: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(scores).map(([name, value]) => [
      `${part}${name[0].toUpperCase()}${name.slice(1)}`,
      value,
    ]),
  );
}
