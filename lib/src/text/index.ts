export { cleanText, englishStopWords, removeStopWords } from "./cleaning";
export { type EnglishOptions, tokenizeEnglish } from "./english/tokenize";
export { kerasImdbIds, type KerasImdbOptions } from "./kerasImdb";
export { compareCodePoints, type CompareStrings, compareUnits } from "./order";
export { type PadOptions, padSequences } from "./padding";
export { type SpellingOptions, spellingIds } from "./spelling";
export {
  type PartOf,
  type PartsOf,
  type Rows,
  sampleRows,
  splitByGroup,
  type SplitOptions,
  trainTestSplit,
} from "./splitting";
export { KERAS_FILTERS, type TextOrTokens, Tokenizer, type TokenizerOptions } from "./tokenizer";
export { buildVocabulary, Vocabulary, type VocabularyOptions } from "./vocabulary";
