import { TokenizerError } from "../tokenizer-error.js";

/**
 * A regular expression of Onigmo (Ruby's syntax over Unicode 16.0) as one of JavaScript's that finds the same, but for
 * classes of characters that came with a newer Unicode than the engine's or Onigmo's: the engine's tables decide.
 * @throws {TokenizerError} `unsupported` for what JavaScript cannot express or could take exponential time to match;
 * `invalid_file` where it is no regular expression.
 */
export function translateRegex(source: string, path: string): RegExp {
  const translated = new Translator(source, path).translate();
  try {
    return new RegExp(translated, "gu");
  } catch {
    throw new TokenizerError("invalid_file", `${path}: ${JSON.stringify(source)} is no regular expression`);
  }
}

const wordInBrackets = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}";

/** Outside brackets Onigmo has its own table for Latin-1, in which more numbers are word characters. */
const wordClass = `${wordInBrackets}²³¹¼½¾`;

/** Escapes that stand for a set of characters, as what goes between brackets. */
const sets: Readonly<Record<string, string>> = {
  d: "\\p{Nd}",
  D: "\\P{Nd}",
  h: "0-9A-Fa-f",
  s: "\\p{White_Space}",
  S: "\\P{White_Space}",
  w: wordInBrackets,
};

/** Ruby's `^` and `$` are those of lines. */
const lineStart = "(?:^|(?<=\\n)(?!$))";
const lineEnd = "(?:$|(?=\\n))";

/** Escapes that mean this outside brackets: sets that differ there, and places. */
const outside: Readonly<Record<string, string>> = {
  w: `[${wordClass}]`,
  W: `[^${wordClass}]`,
  H: "[^0-9A-Fa-f]",
  A: "^",
  z: "$",
  Z: "(?=\\n?$)",
  b: `(?:(?<=[${wordClass}])(?![${wordClass}])|(?<![${wordClass}])(?=[${wordClass}]))`,
  B: `(?:(?<=[${wordClass}])(?=[${wordClass}])|(?<![${wordClass}])(?![${wordClass}]))`,
};

const controls: Readonly<Record<string, string>> = {
  t: "\\t",
  n: "\\n",
  r: "\\r",
  f: "\\f",
  v: "\\v",
  a: "\\x07",
  e: "\\x1b",
};

/** What the group being read holds; one that repeats without end must hold nothing that can match in several ways. */
interface Group {
  readonly opening: string;
  varies: boolean;
}

class Translator {
  readonly #source: string;
  readonly #path: string;
  #at = 0;

  constructor(source: string, path: string) {
    this.#source = source;
    this.#path = path;
  }

  translate(): string {
    const groups: Group[] = [{ opening: "", varies: false }];
    let result = "";
    let closed: Group | undefined; // the group that ends right here
    while (this.#at < this.#source.length) {
      const quantifier = this.#quantifier();
      const group = groups.at(-1) as Group;
      if (quantifier !== undefined) {
        if (closed?.varies && !quantifier.startsWith("?"))
          throw this.#unsupported(`${quantifier} after a group that repeats or has alternatives`);
        group.varies = true;
        result += quantifier;
        closed = undefined;
        continue;
      }
      closed = undefined;
      const opening = this.#match(/\(\?(?:[:=!]|<[=!])|\((?!\?)/y);
      if (opening !== undefined) {
        groups.push({ opening, varies: false });
        result += opening === "(" ? "(?:" : opening;
      } else if (this.#source.startsWith("(", this.#at)) {
        throw this.#unsupported(this.#source.slice(this.#at, this.#at + 4));
      } else if (this.#match(/\)/y) !== undefined) {
        closed = groups.pop();
        const outer = groups.at(-1);
        if (closed === undefined || outer === undefined) throw this.#invalid();
        outer.varies ||= closed.varies;
        result += ")";
      } else if (this.#match(/\|/y) !== undefined) {
        group.varies = true;
        result += "|";
      } else {
        result += this.#atom();
      }
    }
    if (groups.length > 1) throw this.#invalid();
    return result;
  }

  #quantifier(): string | undefined {
    const found = this.#match(/[*+?]|\{\d*,?\d*\}/y);
    if (found === undefined) return undefined;
    if (/^\{,?\}$/.test(found)) throw this.#unsupported(found);
    const lazy = this.#match(/\?/y) ?? "";
    const more = this.#match(/[*+?]/y);
    if (more !== undefined) throw this.#unsupported(found + lazy + more);
    if (lazy !== "" && /^\{\d+\}$/.test(found)) throw this.#unsupported(found + lazy); // Ruby: optional, not lazy
    return found.replace("{,", "{0,") + lazy;
  }

  #atom(): string {
    if (this.#source.startsWith("[", this.#at)) return this.#brackets();
    if (this.#match(/\./y) !== undefined) return "[^\\n]";
    if (this.#match(/\\/y) !== undefined) return this.#escape();
    const character = this.#character();
    if (character === "^") return lineStart;
    return character === "$" ? lineEnd : literal(character);
  }

  /** What follows a backslash, outside brackets. */
  #escape(): string {
    const name = this.#source.charAt(this.#at);
    const meaning = outside[name];
    if (meaning !== undefined) {
      this.#at++;
      return meaning;
    }
    const set = this.#set();
    return set === undefined ? this.#escapedCharacter() : `[${set}]`;
  }

  /** The set that an escape stands for, for use between brackets; undefined where it stands for one character. */
  #set(): string | undefined {
    const set = sets[this.#source.charAt(this.#at)];
    if (set !== undefined) {
      this.#at++;
      return set;
    }
    const property = this.#match(/[pP]\{\^?[\w ]+\}/y);
    if (property === undefined) return undefined;
    const negated = property.startsWith("P") !== property.includes("^");
    return this.#property(property.replace(/^.\{\^?|\}$/g, ""), negated);
  }

  #property(name: string, negated: boolean): string {
    const letter = negated ? "P" : "p";
    for (const spelled of [name, name.toLowerCase(), `Script=${name}`]) {
      const set = `\\${letter}{${spelled}}`;
      if (isRegex(set)) return set;
    }
    throw this.#unsupported(`\\${letter}{${name}}`);
  }

  #escapedCharacter(): string {
    const code = this.#match(/x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|x\{[\dA-Fa-f]{1,6}\}/y);
    if (code !== undefined) {
      const codePoint = Number.parseInt(code.replace(/[xu{}]/g, ""), 16);
      // Two digits above 7F are a byte of UTF-8 there.
      if (codePoint > 0x10ffff || (/^x[89A-Fa-f]/.test(code) && code.length === 3))
        throw this.#unsupported(`\\${code}`);
      return literal(String.fromCodePoint(codePoint));
    }
    const character = this.#character();
    const control = controls[character];
    if (control !== undefined) return control;
    if (character === "-") return "\\x2d"; // good in brackets and outside
    if (/[A-Za-z\d]/.test(character)) throw this.#unsupported(`\\${character}`);
    return literal(character);
  }

  /** `[…]`, without what only Onigmo has inside: classes in classes, `&&` and `[:name:]`. */
  #brackets(): string {
    let result = this.#match(/\[\^?/y) ?? "";
    if (this.#match(/\]/y) !== undefined) result += "\\]"; // the first closes nothing
    while (this.#match(/\]/y) === undefined) {
      if (this.#at >= this.#source.length) throw this.#invalid();
      if (this.#source.startsWith("[", this.#at) || this.#source.startsWith("&&", this.#at)) {
        throw this.#unsupported(this.#source.slice(this.#at, this.#at + 2));
      }
      if (this.#match(/\\/y) !== undefined) result += this.#set() ?? this.#escapedCharacter();
      else result += this.#match(/-/y) ?? literal(this.#character());
    }
    return `${result}]`;
  }

  /** The text at the place where the reading is, where a sticky expression matches it. */
  #match(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#source)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #character(): string {
    const codePoint = this.#source.codePointAt(this.#at);
    if (codePoint === undefined) throw this.#invalid();
    const character = String.fromCodePoint(codePoint);
    this.#at += character.length;
    return character;
  }

  #unsupported(what: string): TokenizerError {
    return new TokenizerError(
      "unsupported",
      `${this.#path}: ${what} of ${JSON.stringify(this.#source.slice(0, 200))} is not supported`,
    );
  }

  #invalid(): TokenizerError {
    return new TokenizerError(
      "invalid_file",
      `${this.#path}: ${JSON.stringify(this.#source.slice(0, 200))} is no regular expression`,
    );
  }
}

const literal = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");

function isRegex(source: string): boolean {
  try {
    new RegExp(source, "u");
    return true;
  } catch {
    return false;
  }
}
