import { CheckpointError } from "../checkpoint-error.js";

/** Takes numbers and bytes off a block of memory, one after another and never past its end. */
export class Cursor {
  #position = 0;

  /** @param label what error messages call the memory. */
  constructor(
    readonly bytes: Uint8Array,
    readonly label: string,
  ) {}

  get atEnd(): boolean {
    return this.#position === this.bytes.length;
  }

  /** @throws CheckpointError `malformed` at the end. */
  byte(): number {
    return this.take(1)[0]!;
  }

  /**
   * A number in groups of 7 bits, the lowest first; each byte but the last has its upper bit set.
   *
   * @throws CheckpointError `malformed` where it does not end, or is more than a JavaScript number holds exactly.
   */
  varint(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * unit;
      if (value > Number.MAX_SAFE_INTEGER || unit > Number.MAX_SAFE_INTEGER) {
        throw new CheckpointError("malformed", `${this.label}: an impossibly large number`);
      }
      if (byte < 0x80) return value;
    }
  }

  /**
   * The next bytes, not copied.
   *
   * @throws CheckpointError `malformed` where there are fewer.
   */
  take(count: number): Uint8Array {
    const left = this.bytes.length - this.#position;
    if (count > left) {
      throw new CheckpointError("malformed", `${this.label}: ${count} bytes should follow, but ${left} do`);
    }
    this.#position += count;
    return this.bytes.subarray(this.#position - count, this.#position);
  }
}
