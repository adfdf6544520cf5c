import { describe, expect, test } from "@jest/globals";
import { chunksOf, collected } from "../fixtures/chunks.js";
import type { Column } from "../rows/row.js";
import { InputWarnings } from "./input-warnings.js";
import { jsonTable } from "./json-table.js";
import { readLines } from "./read-lines.js";
import type { Choice, TableRow } from "./table.js";

interface Read {
  readonly columns: readonly Column[] | undefined;
  readonly rows: readonly TableRow[];
  readonly warning: string | undefined;
}

async function read(content: string, choice: Partial<Choice> = {}): Promise<Read> {
  const warnings = new InputWarnings();
  const lines = readLines(chunksOf([content]), "t.jsonl", warnings);
  const table = await jsonTable(lines, "t.jsonl", warnings);
  const rows = await collected(table.rows({ text: "text", kept: [], all: false, ...choice }));
  return { columns: table.header?.columns, rows, warning: warnings.sentence() };
}

const textsOf = async (content: string, text = "text") => (await read(content, { text })).rows.map(({ text }) => text);

describe("jsonTable", () => {
  test("takes the field named, and skips blank lines", async () => {
    expect(await textsOf('{"text":"a"}\n\n{"id":1,"text":"\\ud800\\n"}\r\n  ')).toEqual(["a", "\ud800\n"]);
    expect(await textsOf('{"body":"b","text":1}', "body")).toEqual(["b"]);
    expect(await textsOf("")).toEqual([]);
  });

  test("hands on any value, and null where an object lacks the field", async () => {
    const { rows } = await read('{"text":"a","x":[1,{"y":null}],"id":12345678901234567890}\n{"text":"b"}', {
      kept: ["id", "x"],
    });
    expect(rows.map(({ cells }) => cells)).toEqual([
      [12345678901234567890n, [1, { y: null }]],
      [null, null],
    ]);
    expect(rows.map(({ place }) => place)).toEqual(["t.jsonl:1", "t.jsonl:2"]);
  });

  test("its columns are the fields of the first object; only integers beyond 2^53 are sure to be integers", async () => {
    const first = '{"text":"a","n":1,"id":9007199254740993,"yes":true,"list":[],"none":null}';
    expect((await read(`${first}\n{"text":"b","new":1}`)).columns).toEqual([
      { name: "text", type: "string" },
      { name: "n", type: "number" },
      { name: "id", type: "integer" },
      { name: "yes", type: "boolean" },
      { name: "list", type: "json" },
      { name: "none", type: "json" },
    ]);
    expect((await read("\n\n")).columns).toBeUndefined();
  });

  test("a field that comes later is worth one warning where all are kept", async () => {
    const content = '{"text":"a"}\n{"text":"b","x":1}\n{"text":"c","y":1}';
    expect((await read(content, { all: true })).warning).toMatch(/^t\.jsonl:2: the field "x" is new here;/);
    expect((await read(content)).warning).toBeUndefined();
  });

  test.each([
    ['{"text":"a"}\n{"text":', /^t\.jsonl:2: this line is not JSON: /, /whole object in each line/],
    ['[\n{"text":"a"}\n]', /^t\.jsonl:1: this line is not JSON: /, /jq -c/],
    ['["a"]', /^t\.jsonl:1: wanted a JSON object, this is an array$/, /--format/],
    ["null", /this is null$/, /--format/],
    ["1", /this is a number$/, /--format/],
    ["12345678901234567890", /this is a number$/, /--format/],
    ['{"a":1,"b":2}', /^t\.jsonl:1: no field "text" in this object \(it has a, b\)$/, /--field/],
    ["{}", /it is empty/, /--field/],
    ['{"text":null}', /^t\.jsonl:1: "text" is null, wanted a string$/, /--field/],
    ['{"text":{}}', /"text" is an object/, /--field/],
    ["[".repeat(200_000), /^t\.jsonl:1: this line is not JSON/, /./],
  ])("says what is wrong with %.40j, and what to do", async (content, message, hint) => {
    const failure = await read(content).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: expect.stringMatching(message), hint: expect.stringMatching(hint) });
  });

  test("a name that every object inherits is no field", async () => {
    await expect(textsOf("{}", "constructor")).rejects.toThrow('no field "constructor"');
    expect((await read('{"text":"a"}', { kept: ["toString"] })).rows[0]?.cells).toEqual([null]);
    expect((await read('{"text":"a","__proto__":1}', { kept: ["__proto__"] })).rows[0]?.cells).toEqual([1]);
  });

  test("rows before a wrong one are given", async () => {
    const warnings = new InputWarnings();
    const table = await jsonTable(
      readLines(chunksOf(['{"text":"a"}\n{"text":1}\n']), "t.jsonl", warnings),
      "t.jsonl",
      warnings,
    );
    const texts: string[] = [];
    const reading = async () => {
      for await (const block of table.rows({ text: "text", kept: [], all: false }))
        for (const { text } of block) texts.push(text);
    };
    await expect(reading()).rejects.toThrow('t.jsonl:2: "text" is a number');
    expect(texts).toEqual(["a"]);
  });
});
