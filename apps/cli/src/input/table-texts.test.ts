import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readLines } from "./read-lines.js";
import { type TableOptions, tableTexts } from "./table-texts.js";

async function textsOf(content: string, options: Partial<TableOptions> = {}): Promise<string[]> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(content);
  }
  const lines = readLines(bytes(), { name: "t.csv", invalid: { count: 0, first: 0 } });
  const texts: string[] = [];
  const table = tableTexts(lines, { name: "t.csv", delimiter: ",", quotes: true, field: undefined, ...options });
  for await (const { text } of table) texts.push(text);
  return texts;
}

describe("tableTexts", () => {
  test("takes the column named, the only one, or the one called text or sentence", async () => {
    expect(await textsOf("id,body\n1,a\n2,b", { field: "body" })).toEqual(["a", "b"]);
    expect(await textsOf("anything\na\nb\n")).toEqual(["a", "b"]);
    expect(await textsOf("id,Sentence\n1,a\n")).toEqual(["a"]);
    expect(await textsOf("text\tid\na\t1\n", { delimiter: "\t" })).toEqual(["a"]);
  });

  test("lists the columns where none is meant, or several are", async () => {
    await expect(textsOf("id,body\n1,a")).rejects.toThrow(
      't.csv: which column? Choose one with --field NAME: "id", "body"',
    );
    await expect(textsOf("text,sentence\n1,a")).rejects.toThrow("which column?");
    await expect(textsOf("id,body\n", { field: "text" })).rejects.toThrow(
      'no column named "text"; there are "id", "body"',
    );
    await expect(textsOf("a,a\n", { field: "a" })).rejects.toThrow('2 columns named "a"');
  });

  test("keeps line ends, delimiters and doubled quotes inside quotes", async () => {
    expect(await textsOf('id,text\r\n1,"a\r\nb, ""c"""\r\n2,d\r\n')).toEqual(['a\r\nb, "c"', "d"]);
    expect(await textsOf('id\ttext\n1\t"a\n\tb"\n', { delimiter: "\t" })).toEqual(["a\n\tb"]);
  });

  test("a quote inside a field is one of its characters, and all are where quotes are no delimiters", async () => {
    expect(await textsOf('text\n5" disk\n')).toEqual(['5" disk']);
    expect(await textsOf('id\ttext\n1\t"a" b\n2\t"c\n', { delimiter: "\t", quotes: false })).toEqual(['"a" b', '"c']);
  });

  test("a blank line is an empty text of a single column, and nothing in a wider table", async () => {
    expect(await textsOf("text\na\n\nb\n")).toEqual(["a", "", "b"]);
    expect(await textsOf("id,text\n1,a\n\n2,b\n\n")).toEqual(["a", "b"]);
  });

  test("no rows, or nothing at all, are no texts", async () => {
    expect(await textsOf("id,text\n")).toEqual([]);
    expect(await textsOf("", { field: "text" })).toEqual([]);
  });

  test("says in which line a row or a quote is wrong", async () => {
    await expect(textsOf("id,text\n1,a\n2,b,c\n")).rejects.toThrow("t.csv:3: 3 fields where the header has 2");
    await expect(textsOf('id,text\n1,"a\n2,b\n')).rejects.toThrow(
      /t\.csv:2: a quote that opens in this row is never closed.*add --no-quotes/,
    );
  });

  test("reads back every table that follows RFC 4180", async () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "é", '"', ",", "\n", "\r\n", " ", "\t") });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell)), async (rows) => {
        const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;
        const content = [["id", "text"], ...rows].map((row) => row.map(quoted).join(",")).join("\r\n");
        expect(await textsOf(content)).toEqual(rows.map(([, text]) => text));
      }),
    );
  });
});
