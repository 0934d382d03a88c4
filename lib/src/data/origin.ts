import { displayBundle } from "../engine/display";
import { escapeHtml } from "./html";

/** Where loaded rows come from; it stays with them, so that no number loses its caveat. */
export interface DataOrigin {
  /** Title of the data set that the rows are from. */
  source: string;
  /** SHA-256 of the content, the same whichever copy it was read from; goes into stored runs. */
  fingerprint: string;
  /** Whether the rows stand in for others that could not be had: numbers are not comparable. */
  standIn: boolean;
  /** What to tell the reader when `standIn` is true, else "". */
  banner: string;
}

/** Shows where rows come from: one line, or the banner where they stand in for others. */
export function showSource(data: DataOrigin): void {
  const text = data.standIn ? data.banner : `Data: ${data.source}`;
  const style = data.standIn ? ` style="border-left:6px solid #d55e00;padding:0.5em 1em"` : "";
  displayBundle({ "text/html": `<p${style}>${escapeHtml(text)}</p>`, "text/plain": text });
}
