import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { CheckpointError } from "./checkpoint-error.js";
import { JsonReader } from "./json-reader.js";

/** Reads text as the values of one object, each as a scalar. */
function scalars(text: string): Map<string, string | undefined> {
  const reader = new JsonReader(text, "test");
  const found = new Map<string, string | undefined>();
  reader.object((name) => found.set(name, reader.scalar()));
  reader.end();
  return found;
}

function codeOf(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    if (error instanceof CheckpointError) return error.code;
    throw error;
  }
  return "none";
}

describe("JsonReader", () => {
  test("reads any object as JSON.parse does", () => {
    const object = fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue());
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 2, "\t"), (value, space) => {
        const expected = Object.entries(value).map(([name, inner]) => {
          if (typeof inner === "object" && inner !== null) return [name, undefined];
          return [name, typeof inner === "string" ? inner : JSON.stringify(inner)];
        });
        expect([...scalars(JSON.stringify(value, null, space))]).toEqual(expected);
      }),
    );
  });

  test("accepts only text that JSON.parse accepts", () => {
    const text = fc.string({ unit: fc.constantFrom(...'{}[]",:0123456789.-+eEtruefalsn\\ \nau\u0001'.split("")) });
    fc.assert(
      fc.property(text, (inner) => {
        const whole = `{"a":${inner}}`;
        if (codeOf(() => scalars(whole)) === "none") expect(() => JSON.parse(whole)).not.toThrow();
        else expect(codeOf(() => scalars(whole))).toBe("malformed");
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['{"a":1,"a":1}', "a name twice"],
    ['{"a":1,"\\u0061":1}', "a name twice, once escaped"],
    ['{"a":{"b":1,"b":1}}', "a name twice further in"],
    ['{"a":"\\ud800"}', "half a surrogate pair"],
    ['{"a":"\\x"}', "an unknown escape"],
    ['{"a":"b', "a string without an end"],
    ['{"a":"b\\', "an escape without an end"],
    ['{"a":"\n"}', "a control character in a string"],
    ['{"a":01}', "a leading zero"],
    ['{"a":1.}', "a fraction without digits"],
    ['{"a":1e}', "an exponent without digits"],
    ['{"a":nul}', "half a word"],
    ['{"a":1,}', "a comma too many"],
    ['{"a":1} x', "something after the end"],
    ["{'a':1}", "other quotes"],
    ["", "nothing"],
    [`{"a":${"[".repeat(1e6)}`, "a million brackets"],
    [`{"a":${"9".repeat(1e6)}`, "a million digits and no end"],
  ])("refuses %.20s (%s)", (text) => {
    expect(codeOf(() => scalars(text))).toBe("malformed");
  });

  test("reads a count exactly or not at all", () => {
    const count = (text: string) => new JsonReader(text, "test").count();
    expect(count("0")).toBe(0);
    expect(count(" 9007199254740991")).toBe(9007199254740991);
    for (const text of ["-1", "-0", "1.0", "1e3", "0.5", "9007199254740992", "1152921504606846976", "1".repeat(1000)]) {
      expect(codeOf(() => count(text))).toBe("malformed");
    }
  });

  test("refuses an object of more than 2^20 names", () => {
    const names = Array.from({ length: 2 ** 20 + 1 }, (_, i) => `"${i}":0`);
    expect(codeOf(() => scalars(`{${names}}`))).toBe("malformed");
  });
});
