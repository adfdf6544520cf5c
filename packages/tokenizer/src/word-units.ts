/** A word as it is read: its UTF-16 units and, for each, the range of the source that it stands for. */
export class WordUnits {
  length = 0;
  units = new Uint16Array(64);
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  readonly #most: number;

  /** Of longer words than a limit more than the limit is kept, and as the last unit and range those of the last. */
  constructor(most: number) {
    this.#most = most;
  }

  clear(): void {
    this.length = 0;
  }

  add(unit: number, start: number, end: number): void {
    if (this.length === this.units.length) this.#grow();
    const at = this.length++;
    this.units[at] = unit;
    this.starts[at] = start;
    this.ends[at] = end;
  }

  /** Makes room for one more, by forgetting the last where there are too many. */
  #grow(): void {
    if (this.length > this.#most) {
      this.length--;
      return;
    }
    const size = 2 * this.length;
    const grown = <Values extends Uint16Array | Int32Array>(larger: Values, values: Values): Values => {
      larger.set(values);
      return larger;
    };
    this.units = grown(new Uint16Array(size), this.units);
    this.starts = grown(new Int32Array(size), this.starts);
    this.ends = grown(new Int32Array(size), this.ends);
  }
}
