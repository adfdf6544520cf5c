import { describe, expect, test } from "@jest/globals";
import { jsonLineTexts } from "./json-line-texts.js";
import { readLines } from "./read-lines.js";

async function textsOf(content: string, field?: string): Promise<string[]> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(content);
  }
  const lines = readLines(bytes(), { name: "t.jsonl", invalid: { count: 0, first: 0 } });
  const texts: string[] = [];
  for await (const { text } of jsonLineTexts(lines, { name: "t.jsonl", field })) texts.push(text);
  return texts;
}

describe("jsonLineTexts", () => {
  test("takes the field named, else text, and skips blank lines", async () => {
    expect(await textsOf('{"text":"a"}\n\n{"id":1,"text":"\\ud800\\n"}\r\n')).toEqual(["a", "\ud800\n"]);
    expect(await textsOf('{"body":"b","text":1}', "body")).toEqual(["b"]);
  });

  test.each([
    ['{"text":"a"}\n{"text":', /t\.jsonl:2: this line is not JSON: /],
    ['["a"]', 't.jsonl:1: wanted a JSON object with a string "text", this is an array'],
    ["null", "this is null"],
    ['{"a":1,"b":2}', 'no field "text" in this object (it has a, b); choose one with --field NAME'],
    ["{}", "it is empty"],
    ['{"text":null}', '"text" is null, wanted a string'],
  ])("says what is wrong with %j", async (content, message) => {
    await expect(textsOf(content)).rejects.toThrow(message);
  });

  test("nesting without end is an error too", async () => {
    await expect(textsOf("[".repeat(200_000))).rejects.toThrow("t.jsonl:1: this line is not JSON");
  });

  test("a name that every object inherits is no field", async () => {
    await expect(textsOf("{}", "constructor")).rejects.toThrow('no field "constructor"');
  });
});
