import { expect, test } from "@jest/globals";
import { documentPrompt, queryPrompt } from "./prompts.js";

const having = (...names: string[]) => ({ prompts: new Map(names.map((name) => [name, `${name}: `])) });

test("queries and documents have the model's prompts of these names, where it has some", () => {
  const encoder = having("corpus", "passage", "query");
  expect(queryPrompt(encoder)).toEqual({ promptName: "query" });
  expect(documentPrompt(encoder)).toEqual({ promptName: "passage" });
  expect(queryPrompt(having())).toEqual({});
  expect(documentPrompt(having("query"))).toEqual({});
});

test("flags go before the model's", () => {
  const encoder = having("document", "query", "other");
  expect(queryPrompt(encoder, { promptName: "other" })).toEqual({ promptName: "other" });
  expect(queryPrompt(encoder, { prompt: "" })).toEqual({ prompt: "" });
  expect(documentPrompt(encoder, { documentPrompt: "text: " })).toEqual({ prompt: "text: " });
  expect(documentPrompt(encoder, { documentPromptName: "other" })).toEqual({ promptName: "other" });
});
