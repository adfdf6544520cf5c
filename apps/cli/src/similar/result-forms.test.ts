import { describe, expect, test } from "@jest/globals";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { resultFormOf, resultTable } from "./result-forms.js";

const columns = ["id", "score", "text"];

describe("resultTable", () => {
  test("jsonl has an object a line, scores with six decimals", () => {
    const { head, row } = resultTable("jsonl", columns);
    expect(head).toBe("");
    expect(row([12n, 0.12345678, 'a "b"\n'])).toBe('{"id":12,"score":0.123457,"text":"a \\"b\\"\\n"}\n');
    expect(row([null, -1e-9, ""])).toBe('{"id":null,"score":0,"text":""}\n');
  });

  test("plain has tabs between, and no other character that is not what it looks like", () => {
    const { head, row } = resultTable("plain", columns);
    expect(head).toBe("");
    expect(row([["a", 1], 0.9876, "tab\there\n"])).toBe('["a",1]\t0.988\ttab\\there\\n\n');
  });

  test("csv and tsv have a header and quotes where they are needed", () => {
    const csv = resultTable("csv", columns);
    expect(csv.head + csv.row([1, 0.5, 'say "a, b"'])).toBe('id,score,text\n1,0.5,"say ""a, b"""\n');
    const tsv = resultTable("tsv", columns);
    expect(tsv.row([null, 1, "a, b\tc"])).toBe('\t1\t"a, b\tc"\n');
    expect(tsv.row([new Date(0), 1, "x"])).toBe("1970-01-01T00:00:00.000Z\t1\tx\n");
  });

  test.each([
    ["csv", ","],
    ["tsv", "\t"],
  ] as const)("whatever is in a cell, %s reads back to it", (form, delimiter) => {
    const cell = fc.oneof(fc.string(), fc.stringMatching(/^[",\t\r\n a]*$/));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell)), (rows) => {
        const { head, row } = resultTable(form, columns);
        const text = head + rows.map(([id, text]) => row([id, 1, text])).join("");
        const read: string[][] = parse(text, { delimiter, record_delimiter: "\n" });
        expect(read).toEqual([columns, ...rows.map(([id, text]) => [id, "1", text])]);
      }),
    );
  });

  test("two columns of one name are a failure that says what to do", () => {
    const make = () => resultTable("jsonl", ["score", "text", "score"]);
    expect(make).toThrow('the results would have two columns called "score"');
  });
});

describe("resultFormOf", () => {
  test("the extension says it, --json says it louder", () => {
    const forms = ["a.jsonl", "a.ndjson", "a.csv", "a.TSV"].map((output) => resultFormOf({ output }, "plain"));
    expect(forms).toEqual(["jsonl", "jsonl", "csv", "tsv"]);
    expect(resultFormOf({ output: "a.txt", json: true }, "plain")).toBe("jsonl");
    expect(() => resultFormOf({ output: "a.txt" }, "plain")).toThrow(/a\.txt: its extension says no form/);
  });

  test("a pipe gets what the command gives to pipes", () => {
    const { isTTY } = process.stdout;
    try {
      process.stdout.isTTY = false;
      expect([resultFormOf({}, "plain"), resultFormOf({ output: "-" }, "jsonl")]).toEqual(["plain", "jsonl"]);
      process.stdout.isTTY = true;
      expect(resultFormOf({}, "plain")).toBe("page");
    } finally {
      process.stdout.isTTY = isTTY;
    }
  });
});
