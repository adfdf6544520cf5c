/** The pieces of a word: their ids, and where in the word each ends; used again for word after word. */
export class PieceBuffer {
  length = 0;
  ids = new Int32Array(16);
  ends = new Int32Array(16);

  push(id: number, end: number): void {
    const at = this.length++;
    if (at === this.ids.length) {
      const { ids, ends } = this;
      this.ids = new Int32Array(2 * at);
      this.ids.set(ids);
      this.ends = new Int32Array(2 * at);
      this.ends.set(ends);
    }
    this.ids[at] = id;
    this.ends[at] = end;
  }
}
