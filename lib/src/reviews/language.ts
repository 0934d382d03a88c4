/** The commonest words of some languages, of which hardly one is common in another. */
const common: Readonly<Record<string, string>> = {
  English: "the and was is it this of with for that not but they have very",
  German: "der die und ist nicht das mit ich sehr auch aber wir war auf für",
  French: "le les et est pas une très pour nous avec dans mais sur je des",
  Spanish: "el los muy que pero con para una es las del por está todo más",
  Italian: "il che di è non molto una per sono con ma della anche gli più",
  Portuguese: "não uma muito os com para é mais do da foi em mas na bom",
  Dutch: "het een niet van en zeer maar ook voor met zijn is wel heel deze",
  Polish: "nie jest się na to że do bardzo ale jak tak za dla po już",
  Swedish: "och att det är inte mycket för på som en av till men var jag",
  Turkish: "bir çok ve bu için da de ama daha güzel kadar gibi ürün ben iyi",
};

const scripts: readonly [name: string, letters: RegExp][] = [
  ["Cyrillic letters", /\p{Script=Cyrillic}/u],
  ["Chinese or Japanese characters", /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ["Arabic letters", /\p{Script=Arabic}/u],
  ["Greek letters", /\p{Script=Greek}/u],
  ["Hebrew letters", /\p{Script=Hebrew}/u],
  ["Korean letters", /\p{Script=Hangul}/u],
  ["Indian letters", /[\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}]/u],
  ["Thai letters", /\p{Script=Thai}/u],
];

const lists = Object.entries(common).map(
  ([language, words]) => [language, new Set(words.split(" "))] as const,
);

/** How many texts are looked at. */
const LOOKED_AT = 3000;

/** What a text seems to be written in; `undefined` where it is too short to say. */
function languageOf(text: string): string | undefined {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return undefined;
  const script = scripts.find(([, pattern]) => {
    const own = text.match(new RegExp(pattern, "gu"))?.length ?? 0;
    return own > letters / 2;
  });
  if (script) return script[0];
  const words = text.toLowerCase().match(/[\p{L}\p{M}']+/gu) ?? [];
  const found = lists.map(
    ([language, list]) => [language, words.filter((word) => list.has(word)).length] as const,
  );
  const [first, second] = found.sort((a, b) => b[1] - a[1]);
  return first[1] >= 2 && first[1] > second[1] ? first[0] : undefined;
}

/** A language, or a script, and the share of the texts that are told that seem to be in it. */
export interface LanguageShare {
  language: string;
  share: number;
}

/**
 * The languages that texts seem to be written in, by their commonest words: a rough guess, not more,
 * and only of the texts that are long enough.
 */
export function languageShares(texts: readonly string[]): LanguageShare[] {
  const step = Math.max(1, Math.floor(texts.length / LOOKED_AT));
  const counts = new Map<string, number>();
  let told = 0;
  for (let i = 0; i < texts.length; i += step) {
    const language = languageOf(texts[i].slice(0, 1000));
    if (language === undefined) continue;
    told++;
    counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return [...counts]
    .map(([language, count]) => ({ language, share: count / told }))
    .sort((a, b) => b.share - a.share);
}
