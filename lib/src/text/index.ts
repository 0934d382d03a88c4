export { cleanText, englishStopWords, removeStopWords } from "./cleaning";
export { type PadOptions, padSequences } from "./padding";
export { sampleRows, type SplitOptions, trainTestSplit } from "./splitting";
export { KERAS_FILTERS, type TextOrTokens, Tokenizer, type TokenizerOptions } from "./tokenizer";
