/** A small struct becomes objects of some hundred bytes: more of them than this are not read into memory. */
const mostStructs = 2 ** 21;

const deepestNesting = 32;

/** The types of Thrift's compact protocol that Parquet uses. */
const Type = { yes: 1, no: 2, byte: 3, i16: 4, i32: 5, i64: 6, double: 7, binary: 8, list: 9, struct: 12 } as const;

/**
 * Where a struct of Thrift's compact protocol ends; undefined where the bytes end before it does. What passes can be
 * decoded without more memory than its size gives a right to: no list claims more items than there are bytes.
 * @throws {Error} for what no writer writes.
 */
export function structEnd(bytes: Uint8Array, start: number): number | undefined {
  const walk = new Walk(bytes, start);
  try {
    walk.struct(0);
    return walk.at;
  } catch (error) {
    if (error === outOfBytes) return undefined;
    throw error;
  }
}

const outOfBytes = new Error("the bytes end within a struct");

class Walk {
  #structs = 0;

  constructor(
    readonly bytes: Uint8Array,
    public at: number,
  ) {}

  struct(depth: number): void {
    if (++this.#structs > mostStructs) throw new Error(`it has more than ${mostStructs} structs`);
    for (let head = this.#byte(); (head & 15) !== 0; head = this.#byte()) {
      if (head >> 4 === 0) this.#varint();
      this.#value(head & 15, depth);
    }
  }

  #value(type: number, depth: number): void {
    if (depth > deepestNesting) throw new Error("its structs are nested too deeply");
    if (type === Type.yes || type === Type.no) return;
    if (type === Type.byte) this.#skip(1);
    else if (type === Type.i16 || type === Type.i32 || type === Type.i64) this.#varint();
    else if (type === Type.double) this.#skip(8);
    else if (type === Type.binary) this.#skip(this.#varint());
    else if (type === Type.list) this.#list(depth);
    else if (type === Type.struct) this.struct(depth + 1);
    else throw new Error(`it has a value of the unknown type ${type}`);
  }

  #list(depth: number): void {
    const head = this.#byte();
    const length = head >> 4 === 15 ? this.#varint() : head >> 4;
    if (length > this.bytes.length - this.at) throw outOfBytes;
    const type = head & 15;
    // In a list, a boolean is a byte.
    const itemType = type === Type.yes || type === Type.no ? Type.byte : type;
    for (let i = 0; i < length; i++) this.#value(itemType, depth + 1);
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1, length = 1; ; scale *= 128, length++) {
      if (length > 10) throw new Error("it has a number of too many bytes");
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  #byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw outOfBytes;
    return byte;
  }

  #skip(length: number): void {
    if (length > this.bytes.length - this.at) throw outOfBytes;
    this.at += length;
  }
}
