export { type HistogramGroup, type HistogramOptions, type HistogramRow, histograms } from "./histograms";
export { type Picture, toPng, toSvg } from "./picture";
export { show } from "./show";
export { type Summary, describe, meanAndStd } from "./statistics";
export { type Caption, type Figure, palette, roles } from "./theme";
