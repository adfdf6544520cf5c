/** Tokens as they are found: ids, ranges in the source and word numbers, in arrays that grow and are used again. */
export class TokenBuffer {
  length = 0;
  ids = new Int32Array(256);
  starts = new Int32Array(256);
  ends = new Int32Array(256);
  words = new Int32Array(256);

  clear(): void {
    this.length = 0;
  }

  push(id: number, start: number, end: number, word: number): void {
    const at = this.length++;
    if (at === this.ids.length) this.#grow();
    this.ids[at] = id;
    this.starts[at] = start;
    this.ends[at] = end;
    this.words[at] = word;
  }

  #grow(): void {
    const grown = (values: Int32Array): Int32Array<ArrayBuffer> => {
      const larger = new Int32Array(2 * values.length);
      larger.set(values);
      return larger;
    };
    this.ids = grown(this.ids);
    this.starts = grown(this.starts);
    this.ends = grown(this.ends);
    this.words = grown(this.words);
  }
}
