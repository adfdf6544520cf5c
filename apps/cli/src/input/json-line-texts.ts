import { Failure } from "../failure.js";
import type { Line } from "./read-lines.js";
import type { SourceText } from "./source-text.js";

/** The string under `field` of the JSON object in each line; blank lines are skipped. */
export async function* jsonLineTexts(
  lines: AsyncIterable<Line>,
  { name, field = "text" }: { name: string; field?: string | undefined },
): AsyncGenerator<SourceText> {
  for await (const { text: source, number, position } of lines) {
    if (source.trim() === "") continue;
    const place = `${name}:${number}`;
    const text = fieldOf(parse(source, place), field, place);
    yield { text, position };
  }
}

function parse(source: string, place: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`${place}: this line is not JSON: ${reason}`, { cause: error });
  }
}

function fieldOf(value: unknown, field: string, place: string): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Failure(`${place}: wanted a JSON object with a string "${field}", this is ${kindOf(value)}`);
  }
  if (!Object.hasOwn(value, field)) {
    const names = Object.keys(value);
    const there = names.length > 0 ? `it has ${names.join(", ")}` : "it is empty";
    throw new Failure(`${place}: no field "${field}" in this object (${there}); choose one with --field NAME`);
  }
  const text: unknown = Reflect.get(value, field);
  if (typeof text !== "string") throw new Failure(`${place}: "${field}" is ${kindOf(text)}, wanted a string`);
  return text;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
