/** A text and how far into its source it ends, in bytes of it, or in texts of the command line. */
export interface SourceText {
  readonly text: string;
  readonly position: number;
}
