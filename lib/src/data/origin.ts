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
