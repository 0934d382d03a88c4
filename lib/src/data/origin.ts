import { displayBundle } from "../engine/display";
import { escapeHtml } from "../files/markup.cjs";

/** Where loaded rows come from; it stays with them, so that no number loses its caveat. */
export interface DataOrigin {
  /** Title of the data set that the rows are from. */
  source: string;
  /** SHA-256 of the content, the same whichever copy it was read from; goes into stored runs. */
  fingerprint: string;
  /** Whether the rows stand in for others that could not be had: numbers are not comparable. */
  standIn: boolean;
  /**
   * What to tell the reader wherever numbers are shown, where something stands in for the data or for
   * a part of them; else "".
   */
  banner: string;
  /** Why that was taken and how to get the data, else "". */
  reason: string;
}

/** Shows where rows come from: one line, or the banner and the reason where there is one. */
export function showSource(data: DataOrigin): void {
  const text = data.banner ? `${data.banner} ${data.reason}` : `Data: ${data.source}`;
  const style = data.banner ? ` style="border-left:6px solid #d55e00;padding:0.5em 1em"` : "";
  displayBundle({ "text/html": `<p${style}>${escapeHtml(text)}</p>`, "text/plain": text });
}
