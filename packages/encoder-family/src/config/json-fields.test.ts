import { expect, test } from "@jest/globals";
import { fieldsFromJson, unsupportedFields } from "./json-fields.js";

const spelling = { hidden_size: "width", hidden_act: "activation" } as const;
const defaults = { width: 8, activation: "gelu" };

test("fields are taken under their own names, and null counts as left out", () => {
  const { fields, problems, rest } = fieldsFromJson({ hidden_size: 4, hidden_act: null, other: 1 }, spelling, defaults);
  expect([fields, problems]).toEqual([{ width: 4 }, []]);
  expect([...rest]).toEqual([
    ["hidden_act", undefined],
    ["other", 1],
  ]);
});

test("a value of another type is told, and what is no object at all", () => {
  const { problems } = fieldsFromJson({ hidden_size: "4" }, spelling, defaults);
  expect(problems).toEqual(['hidden_size must be a number, got "4"']);
  expect(() => fieldsFromJson([1], spelling, defaults)).toThrow("must be a JSON object");
});

test("what may have one value only may be left out, or be null", () => {
  const supported = { position_embedding_type: "absolute", add_cross_attention: false };
  const problemsOf = (json: unknown) => unsupportedFields(fieldsFromJson(json, spelling, defaults).rest, supported);
  expect(problemsOf({ add_cross_attention: null })).toEqual([]);
  expect(problemsOf({ position_embedding_type: "absolute" })).toEqual([]);
  expect(problemsOf({ position_embedding_type: "relative_key", add_cross_attention: true })).toEqual([
    'position_embedding_type is "relative_key"; supported is "absolute"',
    "add_cross_attention is true; supported is false",
  ]);
});
