import { expect, test } from "@jest/globals";
import { errorOf } from "../fixtures/error-of.js";
import { parseNBestPredictions, parseNullOdds, parsePredictions } from "./squad-predictions.js";

test("predictions are texts by id, an id that is a property of every object too", () => {
  const predictions = parsePredictions('{"b": "", "a": "\\ud83d\\ude00", "__proto__": "x", "constructor": "y"}');
  expect([...predictions]).toEqual([
    ["b", ""],
    ["a", "😀"],
    ["__proto__", "x"],
    ["constructor", "y"],
  ]);
});

test("n-best predictions are lists of texts with their probabilities and logits", () => {
  const json = '{"a": [{"text": "x", "probability": 0.75, "start_logit": 1.5, "end_logit": -2.0}], "b": []}';
  expect([...parseNBestPredictions(json)]).toEqual([
    ["a", [{ text: "x", probability: 0.75, startLogit: 1.5, endLogit: -2 }]],
    ["b", []],
  ]);
});

test("null odds are numbers by id", () => {
  expect([...parseNullOdds('{"a": -3.25, "b": 1e-05}')]).toEqual([
    ["a", -3.25],
    ["b", 0.00001],
  ]);
});

test.each<[parse: (json: string) => unknown, json: string, code: string, message: string | RegExp]>([
  [parsePredictions, '["a"]', "shape", "wanted an object with an entry for each question's id, came an array"],
  [parsePredictions, '{"a": null}', "shape", "a: wanted an answer's text, came null"],
  [parsePredictions, '{"a b": 5}', "shape", '["a b"]: wanted an answer\'s text, came 5'],
  [parseNBestPredictions, '{"a": "x"}', "shape", 'a: wanted an array, came "x"'],
  [parseNBestPredictions, '{"a": [{"text": "x"}]}', "shape", "a[0].probability: wanted a number, came nothing"],
  [parseNullOdds, '{"a": "1"}', "shape", 'a: wanted a number, came "1"'],
  [parseNullOdds, '{"a": NaN}', "json", /^wanted JSON, which this is not: /],
  [parseNullOdds, "", "json", /^wanted JSON, which this is not: /],
])("%p of %s is an error of code %s", async (parse, json, code, message) => {
  const error = await errorOf(() => parse(json));
  expect(error.code).toBe(code);
  if (typeof message === "string") expect(error.message).toBe(message);
  else expect(error.message).toMatch(message);
});
