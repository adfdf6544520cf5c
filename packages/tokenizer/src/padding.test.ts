import { describe, expect, test } from "@jest/globals";
import { BertTokenizer } from "./bert-tokenizer.js";
import { padEncodings } from "./padding.js";

const tokenizer = BertTokenizer.fromVocabulary("[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb");
const encodings = tokenizer.encodeBatch([["a", "b"], "b"]);

describe("padEncodings", () => {
  test("fills rows up to the longest", () => {
    const batch = padEncodings(encodings);
    expect(batch).toMatchObject({ sequences: 2, length: 5 });
    expect([...batch.ids]).toEqual([2, 4, 3, 5, 3, 2, 5, 3, 0, 0]);
    expect([...batch.typeIds]).toEqual([0, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
    expect([...batch.attentionMask]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
  });

  test("fills up at the left, to a multiple, with the ids it is given", () => {
    const batch = padEncodings(encodings, { side: "left", multipleOf: 4, id: 9, typeId: 3 });
    expect([...batch.ids.subarray(8)]).toEqual([9, 9, 9, 9, 9, 2, 5, 3]);
    expect([...batch.typeIds.subarray(8)]).toEqual([3, 3, 3, 3, 3, 0, 0, 0]);
    expect([...batch.attentionMask.subarray(8)]).toEqual([0, 0, 0, 0, 0, 1, 1, 1]);
    expect(padEncodings(encodings, { length: 9, multipleOf: 4 }).length).toBe(12);
    expect(padEncodings(encodings, { multipleOf: 0 }).length).toBe(5);
  });

  test("takes the padding that a tokenizer.json stores", () => {
    const stored = { length: 6, side: "left", multipleOf: undefined, id: 0, typeId: 0, token: "[PAD]" } as const;
    expect([...padEncodings(encodings, stored).ids.subarray(6)]).toEqual([0, 0, 0, 2, 5, 3]);
  });

  test("no encodings are no rows", () => {
    expect(padEncodings([], { length: 4 })).toMatchObject({ sequences: 0, length: 4, ids: new Int32Array(0) });
    expect(padEncodings([]).length).toBe(0);
  });

  test("a row that is too long, or no length at all, is an error", () => {
    const invalid = expect.objectContaining({ code: "invalid_option" });
    expect(() => padEncodings(encodings, { length: 4 })).toThrow("an encoding has 5 tokens, more than 4");
    expect(() => padEncodings(encodings, { length: 5.5 })).toThrow(invalid);
    expect(() => padEncodings(encodings, { multipleOf: -1 })).toThrow(invalid);
  });
});
