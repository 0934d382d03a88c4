/** The part of `jstat` that is used here; the package brings no types. */
declare module "jstat" {
  interface StudentT {
    cdf(x: number, degreesOfFreedom: number): number;
    inv(probability: number, degreesOfFreedom: number): number;
  }
  export const jStat: {
    studentt: StudentT;
    corrcoeff(first: number[], second: number[]): number;
    spearmancoeff(first: number[], second: number[]): number;
  };
}
