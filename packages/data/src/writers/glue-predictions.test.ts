import { expect, test } from "@jest/globals";
import { toGluePredictions } from "./glue-predictions.js";

test("predictions are numbered from 0 under GLUE's header", () => {
  expect(toGluePredictions(["entailment", 4.25])).toBe("index\tprediction\n0\tentailment\n1\t4.25\n");
  expect(toGluePredictions([])).toBe("index\tprediction\n");
});
