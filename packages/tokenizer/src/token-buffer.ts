/** Where tokens go as they are found. Setting `length` back takes the last ones out again. */
export interface TokenSink {
  length: number;
  /** Adds a token with the range of the source that it stands for and the number of its word. */
  push(id: number, start: number, end: number, word: number): void;
}

/** Counts tokens and keeps nothing of them. */
export class TokenCount implements TokenSink {
  length = 0;

  push(): void {
    this.length++;
  }
}

/** Keeps ids alone, in an array that grows and is used again. */
export class IdBuffer implements TokenSink {
  length = 0;
  ids = new Int32Array(256);

  clear(): void {
    this.length = 0;
  }

  push(id: number): void {
    const at = this.length++;
    if (at === this.ids.length) this.ids = doubled(this.ids);
    this.ids[at] = id;
  }
}

/** Keeps ids, ranges in the source and word numbers, in arrays that grow and are used again. */
export class TokenBuffer implements TokenSink {
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
    this.ids = doubled(this.ids);
    this.starts = doubled(this.starts);
    this.ends = doubled(this.ends);
    this.words = doubled(this.words);
  }
}

function doubled(values: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * values.length);
  larger.set(values);
  return larger;
}
