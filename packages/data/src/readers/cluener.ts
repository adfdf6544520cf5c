import { type BadRecordOptions, readOrReport } from "../bad-record.js";
import { DataError, type DataPlace, shown } from "../data-error.js";
import { placesInUnits } from "../text/code-points.js";
import { JsonObject, parseJson, wrongShape } from "../text/json-object.js";
import { jsonValues } from "../text/json-values.js";
import type { TextSource } from "../text/lines.js";

/** A stretch of a text that names something. */
export interface NamedRange {
  readonly type: string;
  readonly text: string;
  /** In UTF-16 units, as `slice` takes it. */
  readonly start: number;
  /** Where the next unit would be. */
  readonly end: number;
}

/** A text and what is named in it. */
export interface EntityText {
  /** That its record begins in, from 1. */
  readonly line: number;
  readonly text: string;
  /** By their start, then their end; undefined in test files. */
  readonly entities: readonly NamedRange[] | undefined;
}

/**
 * Texts with entities from CLUENER's files: JSON lines as published, or objects over several lines that follow one
 * another. Ranges there are code points with both ends inclusive.
 * @throws {DataError} `json` for what is not JSON, `shape` for other fields, `value` for a range where the text is
 * another.
 */
export async function* readCluener(source: TextSource, options: BadRecordOptions = {}): AsyncGenerator<EntityText> {
  for await (const { text, number } of jsonValues(source)) {
    const place = { line: number };
    const record = readOrReport(() => entityTextOf(new JsonObject(parseJson(text, place), place), number), options);
    if (record) yield record;
  }
}

function entityTextOf(object: JsonObject, line: number): EntityText {
  const text = object.string("text");
  if (object.value("label") === undefined) return { line, text, entities: undefined };
  const toUnits = placesInUnits(text);
  const entities = Array.from(storedRanges(object), ({ type, name, range, place }): NamedRange => {
    const [first, last] = endsOf(range, place);
    const [start, end] = [toUnits(first), toUnits(last + 1)];
    if (start === undefined || end === undefined) throw elsewhere(name, "a range outside the text", place);
    if (text.slice(start, end) !== name) throw elsewhere(name, shown(text.slice(start, end)), place);
    return { type, text: name, start, end };
  });
  return { line, text, entities: entities.sort((a, b) => a.start - b.start || a.end - b.end) };
}

/** A range as the file has it: under its type and its text. */
interface StoredRange {
  readonly type: string;
  readonly name: string;
  readonly range: unknown;
  readonly place: DataPlace;
}

function* storedRanges(object: JsonObject): Generator<StoredRange> {
  const types = new JsonObject(object.value("label"), object.at("label"));
  for (const [type, named] of types.entries()) {
    const names = new JsonObject(named, types.at(type));
    for (const [name, ranges] of names.entries()) {
      if (!Array.isArray(ranges)) throw names.wrong(name, "an array of ranges", ranges);
      for (const range of ranges) yield { type, name, range, place: names.at(name) };
    }
  }
}

function endsOf(range: unknown, place: DataPlace): readonly [first: number, last: number] {
  const wanted = "a range of two whole numbers";
  if (!Array.isArray(range) || range.length !== 2) throw wrongShape(wanted, range, place);
  const [first, last]: unknown[] = range;
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) throw wrongShape(wanted, range, place);
  return [first as number, last as number];
}

function elsewhere(name: string, came: string, place: DataPlace): DataError {
  return new DataError("value", `wanted a range with the text ${shown(name)}, came ${came}`, place);
}
