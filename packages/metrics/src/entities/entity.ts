/** A named entity in a list of tags: its type, its first tag and the one after its last. */
export interface Entity {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}
