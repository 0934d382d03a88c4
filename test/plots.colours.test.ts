import { palette, roles } from "../lib/src/plots";

type Triple = [number, number, number];

const apply = (matrix: Triple[], v: Triple) =>
  matrix.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as Triple;

const linear = (colour: string) =>
  [1, 3, 5].map((at) => {
    const c = parseInt(colour.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as Triple;

/** CIE L*a*b* of linear sRGB, white point D65. */
function lab(rgb: Triple): Triple {
  const clipped = rgb.map((c) => Math.min(1, Math.max(0, c))) as Triple;
  const [x, y, z] = apply(
    [
      [0.4124564, 0.3575761, 0.1804375],
      [0.2126729, 0.7151522, 0.072175],
      [0.0193339, 0.119192, 0.9503041],
    ],
    clipped,
  ).map((value, i) => {
    const t = value / [0.95047, 1, 1.08883][i];
    return t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27) * (t / 116) + 16 / 116;
  });
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

// Machado, Oliveira and Fernandes (2009), severity 1.
const eyes: Record<string, Triple[]> = {
  "without red cones": [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  "without green cones": [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  "without blue cones": [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Colours that stand beside each other in a figure. */
const figures: Record<string, readonly string[]> = {
  "learning curves and proportions": [roles.train, roles.validation, roles.truth],
  "the test's proportions": [roles.test, roles.truth],
  "the comparison": [roles.published, roles.ours, roles.reference],
  histograms: [palette.sky, palette.vermillion, palette.black],
};

describe.each(Object.entries(eyes))("eyes %s", (_, matrix) => {
  test.each(Object.entries(figures))("tell the colours of %s apart", (__, colours) => {
    const seen = colours.map((colour) => lab(apply(matrix, linear(colour))));
    seen.forEach((first, i) =>
      seen.slice(i + 1).forEach((second) => {
        // 2.3 is just noticeable; 20 is another colour at a glance.
        expect(Math.hypot(...first.map((value, k) => value - second[k]))).toBeGreaterThan(20);
      }),
    );
  });
});

test("every colour of a role stands out from white paper", () => {
  const luminance = (colour: string) =>
    linear(colour).reduce((sum, c, i) => sum + c * [0.2126729, 0.7151522, 0.072175][i], 0);
  // WCAG 2 asks 3 : 1 of graphics; the orange has dots and dashes of its own besides.
  const contrasts = Object.entries(roles).map(([role, colour]) => [
    role,
    1.05 / (luminance(colour) + 0.05),
  ]);
  expect(contrasts.filter(([, contrast]) => Number(contrast) < 3).map(([role]) => role)).toEqual([
    "validation",
  ]);
});
