import { expect, test } from "@jest/globals";
import { scoreBar, scoreText } from "./score-bar.js";

test("a bar grows by eighths of a column, from nothing to full", () => {
  expect(scoreBar(0.5, 4)).toBe("██  ");
  expect(scoreBar(0.53125, 4)).toBe("██▏ ");
  expect(scoreBar(0.97, 4)).toBe("███▉");
  expect([scoreBar(1, 4), scoreBar(1.5, 4)]).toEqual(["████", "████"]);
  expect([scoreBar(0, 4), scoreBar(-1, 4)]).toEqual(["    ", "    "]);
});

test("a score has three decimals, and a nothing no sign", () => {
  expect([1, 0.12345, -0.5, -0.0001, 12.5].map(scoreText)).toEqual(["1.000", "0.123", "-0.500", "0.000", "12.500"]);
});
