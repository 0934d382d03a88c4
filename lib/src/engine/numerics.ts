/**
 * Version of the numbers that trainings compute. Raise it with every change of the code after which
 * the same settings and seed give other numbers (test/numerics.test.ts fails then): runs that an
 * earlier version stored are said to be stale from then on.
 */
export const NUMERICS_VERSION = 1;
