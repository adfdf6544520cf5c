import { describe, expect, test } from "@jest/globals";
import type { Column } from "../rows/row.js";
import { type ColumnFlags, chooseAgain, chooseColumns, columnsOfNothing } from "./choose-columns.js";
import type { Header } from "./table.js";

const headerOf = (names: readonly string[], change: Partial<Header> = {}): Header => ({
  place: "a.csv",
  word: "column",
  columns: names.map((name): Column => ({ name, type: "string" })),
  ...change,
});

const flagsOf = (flags: Partial<ColumnFlags> = {}): ColumnFlags => ({ needsText: true, ...flags });

function chosen(names: readonly string[], flags?: Partial<ColumnFlags>) {
  const { choice, columns } = chooseColumns(headerOf(names), flagsOf(flags));
  return { text: choice.text, kept: choice.kept, names: columns.map(({ name }) => name) };
}

function failureOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

describe("the column of the texts", () => {
  test.each([
    [["anything"], undefined, "anything"],
    [["id", "text"], undefined, "text"],
    [["id", " Sentence "], undefined, " Sentence "],
    [["id", "body", "text"], "body", "body"],
  ])("of %j with --field %j is %j", (names, field, text) => {
    expect(chosen(names, { field }).text).toBe(text);
  });

  test("none is wanted where vectors are read", () => {
    expect(chosen(["id", "vector"], { needsText: false, keep: ["id"] })).toMatchObject({
      text: undefined,
      kept: ["id"],
    });
  });

  test.each([
    [["id", "body"], undefined, 'a.csv: which column has the texts? There are "id", "body"', "--field id"],
    [["id", "text_a"], undefined, "which column has the texts?", "--field text_a"],
    [["text", "sentence"], undefined, "which column has the texts?", "--field text"],
    [["id", "body text"], undefined, "which column has the texts?", "--field 'body text'"],
    [
      ["id", "body"],
      "text",
      'no column named "text"; there are "id", "body"',
      "choose one of its columns with --field",
    ],
    [["id", "label"], "lable", 'no column named "lable"', "did you mean --field label?"],
    [["a", "a"], "a", 'a.csv: 2 columns named "a"', "a name of its own"],
  ])("of %j with --field %j is an error", (names, field, message, hint) => {
    expect(failureOf(() => chosen(names, { field }))).toMatchObject({
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });

  test("must hold texts", () => {
    const header = headerOf([], { columns: [{ name: "label", type: "integer" }] });
    expect(() => chooseColumns(header, flagsOf({ field: "label" }))).toThrow('a.csv: the column "label" is integer');
  });

  test("of JSON lines is text, unless --field names another", () => {
    const header = headerOf(["sentence"], { word: "field", place: "a.jsonl:1" });
    expect(() => chooseColumns(header, flagsOf())).toThrow('a.jsonl:1: no field named "text"; there are "sentence"');
    expect(chooseColumns(header, flagsOf({ field: "sentence" })).choice.text).toBe("sentence");
  });
});

describe("kept columns", () => {
  test.each<[Partial<ColumnFlags>, readonly string[], readonly string[]]>([
    [{ keep: ["label", "id"] }, ["label", "id"], ["label", "id"]],
    [{ keep: ["*"] }, ["id", "label", "place"], ["id", "label", "place"]],
    [{ keep: ["place", "*"] }, ["place", "id", "label"], ["place", "id", "label"]],
    [{ keep: ["text"] }, ["text"], ["text"]],
    [{ keep: ["label"], id: "id" }, ["id", "label"], ["id", "label"]],
    [{ keep: ["*"], id: "id" }, ["id", "label", "place"], ["id", "label", "place"]],
    [{ keep: ["id", "label"], id: "id" }, ["id", "label"], ["id", "label"]],
    [{ keep: ["label"], id: "#" }, ["label"], ["id", "label"]],
    [{ keep: ["place", "label"], id: "place" }, ["place", "place", "label"], ["id", "place", "label"]],
    [{ id: "text" }, ["text"], ["id"]],
  ])("%j reads %j and hands on %j", (flags, kept, names) => {
    expect(chosen(["id", "text", "label", "place"], flags)).toMatchObject({ kept, names });
  });

  test.each<[Partial<ColumnFlags>, string, string]>([
    [{ keep: ["lable"] }, 'no column named "lable"', "did you mean --keep label?"],
    [{ id: "di" }, 'no column named "di"', "did you mean --id id?"],
    [{ keep: ["label", "label"] }, '--keep names "label" twice', "once"],
    [{ keep: ["id"], id: "#" }, 'the kept column "id" would both be called id', "--id id"],
    [{ keep: ["id"], id: "label" }, 'the kept column "id" would both be called id', "--id id"],
    [{ keep: ["twice"] }, '2 columns named "twice"', "a name of its own"],
  ])("%j is an error", (flags, message, hint) => {
    expect(failureOf(() => chosen(["id", "text", "label", "twice", "twice"], flags))).toMatchObject({
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });

  test("two columns of one name are no trouble where neither is asked for", () => {
    expect(chosen(["text", "x", "x"]).text).toBe("text");
    expect(() => chosen(["text", "x", "x"], { keep: ["*"] })).toThrow('2 columns named "x"');
  });
});

describe("the next file", () => {
  const first = chooseColumns(headerOf(["id", "text", "label"]), flagsOf({ keep: ["*"] }));
  const again = (header: Header) => chooseAgain(header, first, flagsOf({ keep: ["*"] }));

  test("may have the columns in another order, and more of them", () => {
    expect(again(headerOf(["label", "more", "sentence", "id"]))).toMatchObject({
      choice: { text: "sentence", kept: ["id", "label"] },
      columns: first.columns,
    });
  });

  test("must have them", () => {
    const failure = failureOf(() => again(headerOf(["id", "text", "labels"], { place: "b.csv" })));
    expect(failure).toMatchObject({
      message: 'b.csv: no column named "label", which is kept of a.csv',
      hint: expect.stringContaining("labels"),
    });
    expect(() => again(headerOf(["id", "id", "text", "label"], { place: "b.csv" }))).toThrow('two columns named "id"');
  });

  test("of JSON lines needs none of them: each object is on its own", () => {
    expect(again(headerOf(["text"], { word: "field" })).choice.kept).toEqual(["id", "label"]);
  });

  test("and the first agree in a type", () => {
    const typed = (type: Column["type"]) =>
      headerOf([], {
        columns: [
          { name: "text", type: "string" },
          { name: "n", type },
        ],
      });
    const typeOf = (one: Column["type"], other: Column["type"]) =>
      chooseAgain(typed(other), chooseColumns(typed(one), flagsOf({ keep: ["n"], id: "#" })), flagsOf()).columns;
    const id = { name: "id", type: "integer" };
    expect(typeOf("integer", "integer")).toEqual([id, { name: "n", type: "integer" }]);
    expect(typeOf("integer", "number")).toEqual([id, { name: "n", type: "number" }]);
    expect(typeOf("integer", "string")).toEqual([id, { name: "n", type: "json" }]);
  });
});

test("of empty files, the columns are those that the command line names", () => {
  expect(columnsOfNothing(flagsOf({ keep: ["a", "*"], id: "b" }))).toEqual([
    { name: "id", type: "string" },
    { name: "a", type: "string" },
  ]);
  expect(columnsOfNothing(flagsOf({ id: "#" }))).toEqual([{ name: "id", type: "integer" }]);
  expect(columnsOfNothing(flagsOf())).toEqual([]);
});
