import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { errorOf } from "../fixtures/error-of.js";
import { parseNBestPredictions, parseNullOdds, parsePredictions } from "../readers/squad-predictions.js";
import { predictionsWriter, toNBestJson, toNullOddsJson, toPredictionsJson } from "./squad-predictions.js";

describe("files are written as Python's json.dumps(…, indent=4) writes them", () => {
  test("predictions, with everything but printable ASCII escaped", () => {
    const text = toPredictionsJson([
      ["56be4db0", 'Denver "Broncos"\\\t\n'],
      ["é", "北京 😀\u007f\u0000\b\f\r/"],
    ]);
    expect(text).toBe(
      String.raw`{
    "56be4db0": "Denver \"Broncos\"\\\t\n",
    "\u00e9": "\u5317\u4eac \ud83d\ude00\u007f\u0000\b\f\r/"
}
`,
    );
  });

  test("n-best predictions", () => {
    const answer = { text: "Paris", probability: 0.9999, startLogit: 5.123000144958496, endLogit: -2 };
    expect(toNBestJson(new Map([["1", [answer, { ...answer, text: "" }]]]))).toBe(`{
    "1": [
        {
            "text": "Paris",
            "probability": 0.9999,
            "start_logit": 5.123000144958496,
            "end_logit": -2.0
        },
        {
            "text": "",
            "probability": 0.9999,
            "start_logit": 5.123000144958496,
            "end_logit": -2.0
        }
    ]
}
`);
  });

  test.each([
    [0, "0.0"],
    [-0, "-0.0"],
    [3, "3.0"],
    [0.1, "0.1"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [1.5e-7, "1.5e-07"],
    [-2.5e-310, "-2.5e-310"],
    [1e15, "1000000000000000.0"],
    [9007199254740993, "9007199254740992.0"],
    [1e16, "1e+16"],
    [1.25e22, "1.25e+22"],
    [1.7976931348623157e308, "1.7976931348623157e+308"],
  ])("the float %p as %s", (value, text) => {
    expect(toNullOddsJson([["a", value]])).toBe(`{\n    "a": ${text}\n}\n`);
  });

  test("nothing at all, and a question without answers", () => {
    expect(toPredictionsJson([])).toBe("{}\n");
    expect(toNBestJson([["a", []]])).toBe('{\n    "a": []\n}\n');
  });
});

test("a writer gives the same text entry by entry", () => {
  const writer = predictionsWriter();
  const text = writer.entry("a", "x") + writer.entry("b", "y") + writer.end();
  expect(text).toBe(toPredictionsJson(Object.entries({ a: "x", b: "y" })));
});

test("a number that JSON has no word for is an error", async () => {
  const answer = { text: "", probability: Number.NaN, startLogit: 0, endLogit: 0 };
  expect(await errorOf(() => toNBestJson([["a", [answer]]]))).toMatchObject({ code: "value" });
  expect((await errorOf(() => toNullOddsJson([["a", Number.POSITIVE_INFINITY]]))).message).toBe(
    "wanted a finite number to write as JSON, came Infinity",
  );
});

test("what is written is read again as it was", () => {
  const text = fc.string({ unit: "binary" });
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  const answer = fc.record({ text, probability: number, startLogit: number, endLogit: number });
  const byId = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Map<string, Value>> =>
    fc.array(fc.tuple(text, value)).map((entries) => new Map(entries));
  fc.assert(
    fc.property(byId(text), byId(fc.array(answer)), byId(number), (answers, best, odds) => {
      expect(parsePredictions(toPredictionsJson(answers))).toEqual(answers);
      expect(parseNBestPredictions(toNBestJson(best))).toEqual(best);
      expect(parseNullOdds(toNullOddsJson(odds))).toEqual(odds);
    }),
  );
});
