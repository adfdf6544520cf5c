import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { chunksOf, splitAt } from "../fixtures/chunks.js";
import { type DelimitedRecord, DelimitedRecords } from "./delimited-records.js";
import { InputWarnings } from "./input-warnings.js";
import { longestLine, readLines } from "./read-lines.js";

const csv = { delimiter: ",", quotes: true } as const;
const tsv = { delimiter: "\t", quotes: true } as const;

async function recordsOf(parts: readonly (string | Uint8Array)[], delimiters = csv as DelimitedRecords["delimiters"]) {
  const records = new DelimitedRecords("t.csv", delimiters);
  const found: DelimitedRecord[] = [];
  for await (const lines of readLines(chunksOf(parts), "t.csv", new InputWarnings())) {
    found.push(...records.endingIn(lines));
  }
  records.end();
  return found;
}

const fieldsOf = async (content: string, delimiters?: DelimitedRecords["delimiters"]) =>
  (await recordsOf([content], delimiters)).map(({ fields }) => fields);

describe("DelimitedRecords", () => {
  test("keeps line ends, delimiters and doubled quotes inside quotes", async () => {
    expect(await fieldsOf('1,"a\r\nb, ""c"""\r\n2,d\r\n')).toEqual([
      ["1", 'a\r\nb, "c"'],
      ["2", "d"],
    ]);
    expect(await fieldsOf('1\t"a\n\tb"\n""\t""""\n', tsv)).toEqual([
      ["1", "a\n\tb"],
      ["", '"'],
    ]);
  });

  test("fields at the ends of a row may be empty", async () => {
    expect(await fieldsOf(',\n"",\n,""\n,,"a"\n')).toEqual([
      ["", ""],
      ["", ""],
      ["", ""],
      ["", "", "a"],
    ]);
  });

  test("a quote inside a field is one of its characters, and all are where text follows the second", async () => {
    expect(await fieldsOf('5" disk,a\n')).toEqual([['5" disk', "a"]]);
    expect(await fieldsOf('1,"a" b,"c""d" e\n')).toEqual([["1", '"a" b', '"c""d" e']]);
  });

  test("all quotes are characters where quotes are no delimiters", async () => {
    expect(await fieldsOf('1\t"a" b\n2\t"c\n', { delimiter: "\t", quotes: false })).toEqual([
      ["1", '"a" b'],
      ["2", '"c'],
    ]);
  });

  test("a record has the number of its first line, and the position of its end", async () => {
    expect(await recordsOf(['1,"a\nb"\n2,c\n'])).toEqual([
      { fields: ["1", "a\nb"], number: 1, position: 8 },
      { fields: ["2", "c"], number: 3, position: 12 },
    ]);
  });

  test.each([
    ['a\nb,"c\nd\n', "t.csv:2: a quote that opens in this line is never closed"],
    ['"a\nb","c\n', "t.csv:2: a quote that opens in this line is never closed"],
    ['"a\nb" c\n', "t.csv:1: the quote that opens in this line closes in line 2, before more text"],
  ])("says of %j where the quote opened, and what to do", async (content, message) => {
    const failure = await recordsOf([content]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message, hint: expect.stringContaining("--no-quotes") });
  });

  test("a quote that is never closed is an error before it fills the memory", async () => {
    const lines = Buffer.alloc(2 ** 20, `${"x".repeat(1023)}\n`);
    const parts = ['a\n"', ...Array.from({ length: longestLine / lines.length + 1 }, () => lines)];
    await expect(recordsOf(parts)).rejects.toThrow("t.csv:2: the field that opens in this line is longer than 64 MiB");
  });

  const cell = fc.string({ unit: fc.constantFrom("a", "é", '"', ",", "\n", "\r", "\r\n", " ", "\t", "\0") });
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }));
  const written = (rows: readonly (readonly string[])[], quoteAll: boolean): string => {
    const quoted = (value: string): string =>
      quoteAll || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
    return rows.map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
  };

  // Two letters, each beside a NUL: refused as another encoding.
  const beginsAsUtf16 = /^(\0[^\0]\0[^\0]|[^\0]\0[^\0]\0)/;

  test("reads back every table that follows RFC 4180, however its bytes come", async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.boolean(), fc.array(fc.nat(60)), async (rows, quoteAll, cuts) => {
        const content = written(rows, quoteAll);
        fc.pre(!beginsAsUtf16.test(content));
        const records = await recordsOf(splitAt(Buffer.from(content), cuts));
        expect(records.map(({ fields }) => fields)).toEqual(rows);
      }),
    );
  });

  test("however the bytes of anything come, its records and its error are the same", async () => {
    const outcomeOf = (parts: readonly Uint8Array[]): Promise<unknown> =>
      recordsOf(parts).catch((error: Error) => error.message);
    await fc.assert(
      fc.asyncProperty(cell, fc.array(fc.nat(40)), async (content, cuts) => {
        const bytes = Buffer.from(content);
        expect(await outcomeOf(splitAt(bytes, cuts))).toEqual(await outcomeOf([bytes]));
      }),
    );
  });
});
