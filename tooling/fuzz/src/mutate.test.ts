import { describe, expect, test } from "@jest/globals";
import { utf8 } from "./formats/assemble.js";
import { mutate } from "./mutate.js";
import { Random } from "./random.js";

const original = utf8('{"a": [123, 456], "b": "some text that is long enough"}');
const mutants = Array.from({ length: 500 }, (_, i) => mutate(original, new Random(`mutate/${i}`)));

describe("damaged bytes", () => {
  test("are other bytes, nearly always, and the original is as it was", () => {
    const text = new TextDecoder().decode(original);
    expect(mutants.filter((bytes) => new TextDecoder().decode(bytes) !== text).length).toBeGreaterThan(450);
    expect(text).toContain("123, 456");
  });

  test("are shorter, longer and of the same length", () => {
    const lengths = mutants.map(({ length }) => Math.sign(length - original.length));
    expect(new Set(lengths)).toEqual(new Set([-1, 0, 1]));
  });

  test("have digits that make large numbers of small ones", () => {
    expect(mutants.some((bytes) => /\[\d{15,20}, 456\]/.test(new TextDecoder().decode(bytes)))).toBe(true);
  });

  test("may begin with none, and stay within a megabyte", () => {
    let bytes: Uint8Array = new Uint8Array(0);
    for (let i = 0; i < 2000; i++) bytes = mutate(bytes, new Random(`none/${i}`));
    expect(bytes.length).toBeLessThanOrEqual(2 ** 20);
  });
});
