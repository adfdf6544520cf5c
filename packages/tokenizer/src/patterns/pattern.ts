import { type JsonObject, wrong } from "../json-reader.js";
import { translateRegex } from "./onigmo.js";

/** What a `Replace` or `Split` looks for: units `from` to `to` of each match, in order. */
export type FindMatches = (text: string) => Iterable<Match>;

export interface Match {
  readonly from: number;
  readonly to: number;
}

/** A pattern as tokenizer.json spells it. */
export type PatternJson = { readonly String: string } | { readonly Regex: string };

/** Reads the field `pattern`: an exact text, or a regular expression as Onigmo, the engine of Hugging Face's library, reads it. */
export function readPattern(section: JsonObject): { readonly json: PatternJson; readonly find: FindMatches } {
  const pattern = section.object("pattern");
  if (pattern?.value("Regex") !== undefined) {
    const source = pattern.string("Regex");
    return { json: { Regex: source }, find: findRegex(translateRegex(source, `${pattern.path}.Regex`)) };
  }
  const text = pattern?.value("String") === undefined ? "" : (pattern.string("String") as string);
  if (text === "")
    throw wrong(`${section.path}.pattern`, "a String that is not empty, or a Regex", section.value("pattern"));
  return { json: { String: text }, find: findText(text) };
}

function findText(wanted: string): FindMatches {
  return function* (text) {
    for (let from = text.indexOf(wanted); from >= 0; from = text.indexOf(wanted, from + wanted.length)) {
      yield { from, to: from + wanted.length };
    }
  };
}

function findRegex(regex: RegExp): FindMatches {
  return function* (text) {
    let last = -1;
    for (const match of text.matchAll(regex)) {
      const from = match.index;
      const to = from + match[0].length;
      // JavaScript also has an empty match right after another, and between the halves of a surrogate pair.
      if (from === to && (from === last || isInsidePair(text, from))) continue;
      last = to;
      yield { from, to };
    }
  };
}

const isInsidePair = (text: string, at: number): boolean => at > 0 && (text.codePointAt(at - 1) as number) > 0xffff;
