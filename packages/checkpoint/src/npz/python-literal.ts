/** What the header of a NumPy file may be made of. */
export type PythonLiteral = string | number | boolean | readonly PythonLiteral[];

const deepestNesting = 16;

/**
 * Reads a dict of Python as NumPy writes it, with strings for keys: `{'descr': '<f4', 'shape': (2, 3), }`. Nothing is
 * evaluated: strings without escapes, integers, True, False, tuples and lists are all it knows.
 *
 * @throws SyntaxError with what is wrong where.
 */
export function readPythonDict(text: string): ReadonlyMap<string, PythonLiteral> {
  const reader = new LiteralReader(text);
  const members = new Map<string, PythonLiteral>();
  reader.each("{", "}", () => {
    const name = reader.string();
    if (members.has(name)) throw reader.error(`the name ${name} comes twice`);
    reader.expect(":");
    members.set(name, reader.value(0));
  });
  reader.end();
  return members;
}

class LiteralReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): PythonLiteral {
    if (depth > deepestNesting) throw this.error(`nested more than ${deepestNesting} deep`);
    const next = this.#peek();
    if (next === "'" || next === '"') return this.string();
    if (next === "(") return this.#sequence("(", ")", depth);
    if (next === "[") return this.#sequence("[", "]", depth);
    const word = this.#match(/[A-Za-z0-9]{1,32}/y);
    if (word === "True" || word === "False") return word === "True";
    // Python 2 wrote long integers with an L.
    const digits = word?.replace(/L$/, "");
    if (digits !== undefined && /^(0|[1-9]\d*)$/.test(digits)) return Number(digits);
    throw this.error("wanted a string, an integer, True, False, a tuple or a list");
  }

  string(): string {
    const quote = this.#peek();
    const content = quote === '"' ? this.#match(/"[^"\\\n]{0,4096}"/y) : this.#match(/'[^'\\\n]{0,4096}'/y);
    if (content === undefined) throw this.error("wanted a string");
    return content.slice(1, -1);
  }

  /** Reads what stands between brackets, with commas between and maybe one at the end. */
  each(open: string, close: string, element: () => void): void {
    this.expect(open);
    while (this.#peek() !== close) {
      element();
      if (this.#peek() !== close) this.expect(",");
    }
    this.expect(close);
  }

  expect(character: string): void {
    if (this.#peek() !== character) throw this.error(`wanted ${character}`);
    this.#at++;
  }

  end(): void {
    if (this.#peek() !== "") throw this.error("something follows the last bracket");
  }

  error(problem: string): SyntaxError {
    return new SyntaxError(`${problem} (at character ${this.#at} of the header)`);
  }

  #sequence(open: string, close: string, depth: number): readonly PythonLiteral[] {
    const elements: PythonLiteral[] = [];
    this.each(open, close, () => elements.push(this.value(depth + 1)));
    return elements;
  }

  /** The next character that is no space; none at the end. */
  #peek(): string {
    while (/^[ \n]$/.test(this.#text.charAt(this.#at))) this.#at++;
    return this.#text.charAt(this.#at);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }
}
