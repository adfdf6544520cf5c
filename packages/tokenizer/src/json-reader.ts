import { withoutByteOrderMark } from "./byte-order-mark.js";
import { TokenizerError } from "./tokenizer-error.js";

/** An object of a JSON file that knows where in the file it stands, for errors that say so. */
export class JsonObject {
  readonly path: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  /** @throws {TokenizerError} `invalid_file` where the value is no object. */
  constructor(value: unknown, path: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(path, "an object", value);
    this.path = path;
    this.#fields = value as Readonly<Record<string, unknown>>;
  }

  /** The value of a field, undefined where it is absent or null. */
  value(field: string): unknown {
    return Object.hasOwn(this.#fields, field) ? (this.#fields[field] ?? undefined) : undefined;
  }

  object(field: string): JsonObject | undefined {
    const value = this.value(field);
    return value === undefined ? undefined : new JsonObject(value, this.#at(field));
  }

  list(field: string): JsonObject[] {
    const value = this.value(field) ?? [];
    if (!Array.isArray(value)) throw wrong(this.#at(field), "a list", value);
    return value.map((item, index) => new JsonObject(item, `${this.#at(field)}[${index}]`));
  }

  string(field: string, fallback?: string): string {
    const value = this.value(field) ?? fallback;
    if (typeof value !== "string") throw wrong(this.#at(field), "a string", value);
    return value;
  }

  boolean(field: string, fallback?: boolean): boolean {
    const value = this.value(field) ?? fallback;
    if (typeof value !== "boolean") throw wrong(this.#at(field), "true or false", value);
    return value;
  }

  /** A whole number from 0 to 2^31 - 1. */
  count(field: string, fallback?: number): number {
    return countOf(this.value(field) ?? fallback, this.#at(field));
  }

  /** Every field, each a whole number from 0 to 2^31 - 1. A vocabulary's are many: nothing is made for each but its place. */
  counts(): Map<string, number> {
    const counts = new Map<string, number>();
    Object.keys(this.#fields).forEach((field) => {
      const value = this.#fields[field];
      counts.set(field, isCount(value) ? value : countOf(value, `${this.path}[${JSON.stringify(field)}]`));
    });
    return counts;
  }

  oneOf<Choice extends string>(field: string, choices: readonly Choice[], fallback?: Choice): Choice {
    const value = this.string(field, fallback);
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw wrong(this.#at(field), choices.join(" or "), value);
    return found;
  }

  #at(field: string): string {
    return `${this.path}.${field}`;
  }
}

/** A file's text, with a byte order mark or without, or what was parsed from it, as an object. */
export function jsonObject(json: unknown, path: string): JsonObject {
  if (typeof json !== "string") return new JsonObject(json, path);
  let value: unknown;
  try {
    value = JSON.parse(withoutByteOrderMark(json));
  } catch (error) {
    throw new TokenizerError("invalid_file", `${path}: ${error instanceof Error ? error.message : "no JSON"}`);
  }
  return new JsonObject(value, path);
}

/** A whole number from 0 to 2^31 - 1. */
export function countOf(value: unknown, path: string): number {
  if (!isCount(value)) throw wrong(path, "a whole number from 0 to 2147483647", value);
  return value;
}

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0x7fffffff;

/** The error for a value that is not what a file should have at a place. */
export function wrong(path: string, wanted: string, value: unknown): TokenizerError {
  return new TokenizerError("invalid_file", `${path}: wanted ${wanted}, not ${described(value)}`);
}

/** A value for a message: what holds others is only named, for it may be of any size and depth. */
function described(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
