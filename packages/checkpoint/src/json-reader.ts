import { CheckpointError, quoted } from "./checkpoint-error.js";

// Far above any real checkpoint, far below what would exhaust memory.
const largestObject = 2 ** 20;
const deepestNesting = 128;

/**
 * Reads JSON text from left to right, straight into the form the caller wants. Unlike `JSON.parse` it refuses duplicate
 * names, builds nothing that nobody asked for, reads integers exactly or not at all, and has bounds.
 */
export class JsonReader {
  #at = 0;
  #depth = 0;
  readonly #text: string;
  readonly #label: string;

  constructor(text: string, label: string) {
    this.#text = text;
    this.#label = label;
  }

  /** Reads an object; for each name, `member` must read the value. */
  object(member: (name: string) => void): void {
    this.#open("{");
    const names = new Set<string>();
    if (!this.#take("}")) {
      do {
        const name = this.string();
        if (names.has(name)) throw this.error(`the name ${quoted(name)} comes twice in one object`);
        if (names.size === largestObject) throw this.error(`an object has more than ${largestObject} names`);
        names.add(name);
        this.#expect(":");
        member(name);
      } while (this.#take(","));
      this.#expect("}");
    }
    this.#depth--;
  }

  /** Reads an array; `element` must read each element. */
  array(element: () => void): void {
    this.#open("[");
    if (!this.#take("]")) {
      do element();
      while (this.#take(","));
      this.#expect("]");
    }
    this.#depth--;
  }

  /** Reads a string. */
  string(): string {
    this.#expect('"');
    const start = this.#at;
    let plain = true;
    for (; ; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === 0x22) break;
      if (code === 0x5c) {
        plain = false;
        this.#at++;
      }
      if (!(code >= 0x20)) throw this.error("a string has no end, or holds a control character");
    }
    const raw = this.#text.slice(start, this.#at++);
    if (plain) return raw;
    let value: string;
    try {
      value = JSON.parse(`"${raw}"`);
    } catch {
      throw this.error("a string has an escape that JSON does not know");
    }
    if (/\p{Surrogate}/u.test(value)) throw this.error("a string has half a surrogate pair");
    return value;
  }

  /** Reads an integer from 0 to 2^53 - 1, written as digits alone. */
  count(): number {
    const text = this.#number();
    const value = text.length <= 16 && /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value)) {
      throw this.error(`wanted an integer from 0 to ${Number.MAX_SAFE_INTEGER}, found ${text.slice(0, 40)}`);
    }
    return value;
  }

  /** Whether `null` comes next; reads it if so. */
  null(): boolean {
    this.#space();
    if (!this.#text.startsWith("null", this.#at)) return false;
    this.#at += 4;
    return true;
  }

  /** Reads any value and gives a string as it is, a number, boolean or null as its text, anything else as undefined. */
  scalar(): string | undefined {
    this.#space();
    switch (this.#text[this.#at]) {
      case "{":
        this.object(() => this.scalar());
        return undefined;
      case "[":
        this.array(() => this.scalar());
        return undefined;
      case '"':
        return this.string();
    }
    for (const word of ["null", "true", "false"]) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return word;
      }
    }
    return this.#number();
  }

  /** Checks that nothing but white space is left. */
  end(): void {
    this.#space();
    if (this.#at < this.#text.length) throw this.error("something follows the last bracket");
  }

  /** An error of code `malformed` that says where. */
  error(problem: string): CheckpointError {
    return new CheckpointError("malformed", `${this.#label}: ${problem} (at character ${this.#at})`);
  }

  /** A number by JSON's grammar; scanned by hand, for a regular expression can overflow its stack on long input. */
  #number(): string {
    this.#space();
    const start = this.#at;
    if (this.#text[this.#at] === "-") this.#at++;
    const first = this.#at;
    this.#digits();
    if (this.#at > first + 1 && this.#text[first] === "0") throw this.error("a number starts with 0");
    if (this.#text[this.#at] === ".") {
      this.#at++;
      this.#digits();
    }
    if (this.#text[this.#at] === "e" || this.#text[this.#at] === "E") {
      this.#at++;
      if (this.#text[this.#at] === "+" || this.#text[this.#at] === "-") this.#at++;
      this.#digits();
    }
    return this.#text.slice(start, this.#at);
  }

  #digits(): void {
    const start = this.#at;
    for (let code = this.#code(); code >= 0x30 && code <= 0x39; code = this.#code()) this.#at++;
    if (this.#at === start) throw this.error("this is not JSON of the kind expected here");
  }

  #code(): number {
    return this.#text.charCodeAt(this.#at);
  }

  #open(bracket: string): void {
    this.#expect(bracket);
    if (++this.#depth > deepestNesting) throw this.error(`nested more than ${deepestNesting} deep`);
  }

  #expect(character: string): void {
    if (!this.#take(character)) throw this.error(`wanted ${character}`);
  }

  #take(character: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #space(): void {
    for (let code = this.#code(); code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09; ) {
      this.#at++;
      code = this.#code();
    }
  }
}
