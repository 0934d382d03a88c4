import { stack } from "../lib/src/studies/experiment/stack";

const column = (values: number[]) => ({
  data: Float32Array.from(values),
  shape: [values.length, 1],
});
const rowsOf = (rows: number[][]) => ({
  data: Float32Array.from(rows.flat()),
  shape: [rows.length, rows[0].length],
});

// Values of scikit-learn 1.9.1: LogisticRegression(C=1) of the log-odds of both models.
test("two models of two classes become one as by scikit-learn", () => {
  const labels = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1];
  const first = [0.05, 0.52, 0.24, 0.36, 0.19, 0.66, 0.43, 0.89, 0.34, 0.95, 0.16, 0.57];
  const second = [0.18, 0.59, 0.36, 0.95, 0.05, 0.95, 0.56, 0.77, 0.51, 0.65, 0.63, 0.95];
  const { rows } = stack(
    { outputs: [column(first), column(second)], labels },
    { rows: [column([0.9, 0.2]), column([0.3, 0.4])] },
  );
  expect(rows.shape).toEqual([2, 1]);
  expect(rows.data[0]).toBeCloseTo(0.6925, 3);
  expect(rows.data[1]).toBeCloseTo(0.0945, 3);
});

// The same of the log-probabilities less their mean, with class_weight="balanced".
test("two models of three classes become one as by scikit-learn", () => {
  const labels = [0, 1, 2, 2, 0, 1, 2, 2, 0, 1, 2, 2];
  const first = [
    [0.2, 0.41, 0.39],
    [0.14, 0.83, 0.03],
    [0.22, 0.1, 0.68],
    [0.44, 0.13, 0.44],
    [0.63, 0.25, 0.12],
    [0.27, 0.41, 0.31],
    [0.09, 0.42, 0.49],
    [0.04, 0.26, 0.7],
    [0.24, 0.5, 0.26],
    [0.16, 0.48, 0.36],
    [0.32, 0.16, 0.52],
    [0.19, 0.21, 0.6],
  ];
  const second = [
    [0.3, 0.37, 0.33],
    [0.41, 0.47, 0.12],
    [0.36, 0.42, 0.22],
    [0.24, 0.2, 0.56],
    [0.34, 0.36, 0.3],
    [0.02, 0.96, 0.01],
    [0.26, 0.17, 0.57],
    [0.05, 0.66, 0.29],
    [0.36, 0.2, 0.44],
    [0.37, 0.48, 0.16],
    [0.46, 0.12, 0.42],
    [0.19, 0.38, 0.43],
  ];
  const { rows } = stack(
    { outputs: [rowsOf(first), rowsOf(second)], labels },
    { rows: [rowsOf([[0.2, 0.3, 0.5]]), rowsOf([[0.6, 0.3, 0.1]])] },
    { classWeight: "balanced" },
  );
  [0.264, 0.476, 0.2601].forEach((value, i) => expect(rows.data[i]).toBeCloseTo(value, 3));
});
