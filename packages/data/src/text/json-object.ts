import { DataError, type DataPlace, shown } from "../data-error.js";
import { withoutMark } from "./lines.js";

/** An object of a JSON text that knows where it stands, for errors that say so. */
export class JsonObject {
  readonly place: DataPlace;
  readonly #fields: Readonly<Record<string, unknown>>;

  /** @throws {DataError} `shape` where the value is no object. */
  constructor(value: unknown, place: DataPlace = {}) {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw wrongShape("an object", value, place);
    this.place = place;
    this.#fields = value as Readonly<Record<string, unknown>>;
  }

  /** The value of a field, undefined where it is absent or null. */
  value(field: string): unknown {
    return Object.hasOwn(this.#fields, field) ? (this.#fields[field] ?? undefined) : undefined;
  }

  /** Every name with its value, in the engine's order: that of the text, but whole numbers first. */
  entries(): [name: string, value: unknown][] {
    return Object.entries(this.#fields);
  }

  string(field: string, fallback?: string): string {
    const value = this.value(field) ?? fallback;
    if (typeof value !== "string") throw this.wrong(field, "a string", value);
    return value;
  }

  boolean(field: string, fallback?: boolean): boolean {
    const value = this.value(field) ?? fallback;
    if (typeof value !== "boolean") throw this.wrong(field, "true or false", value);
    return value;
  }

  number(field: string): number {
    const value = this.value(field);
    if (typeof value !== "number") throw this.wrong(field, "a number", value);
    return value;
  }

  integer(field: string): number {
    const value = this.value(field);
    if (!Number.isSafeInteger(value)) throw this.wrong(field, "a whole number", value);
    return value as number;
  }

  /** @throws {DataError} `shape` where there is no such list and `optional` is not given. */
  objects(field: string, { optional = false } = {}): JsonObject[] {
    const value = this.value(field) ?? (optional ? [] : undefined);
    if (!Array.isArray(value)) throw this.wrong(field, "an array", value);
    const { line, path } = this.at(field);
    return value.map((item, index) => new JsonObject(item, { line, path: `${path}[${index}]` }));
  }

  /** Where a field stands. */
  at(field: string): DataPlace {
    const { line, path = "" } = this.place;
    if (!/^\w{1,40}$/.test(field)) return { line, path: `${path}[${shown(field)}]` };
    return { line, path: path ? `${path}.${field}` : field };
  }

  wrong(field: string, wanted: string, value: unknown): DataError {
    return wrongShape(wanted, value, this.at(field));
  }
}

/** The error for a value that is not of the kind that its place should have. */
export function wrongShape(wanted: string, value: unknown, place: DataPlace): DataError {
  return new DataError("shape", `wanted ${wanted}, came ${shown(value)}`, place);
}

/**
 * What a JSON text says.
 * @throws {DataError} `json` where it is none.
 */
export function parseJson(text: string, place: DataPlace = {}): unknown {
  try {
    return JSON.parse(withoutMark(text));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError("json", `wanted JSON, which this is not: ${reason}`, { ...place, cause: error });
  }
}
