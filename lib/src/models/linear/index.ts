export type { Csr } from "./csr";
export { LogisticRegression, type LogisticOptions } from "./logistic";
export { Ridge, type RidgeOptions } from "./ridge";
export { type TfidfOptions, TfidfVectorizer } from "./tfidf";
