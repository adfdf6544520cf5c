import { expect, test } from "@jest/globals";
import { withTheBest } from "./compare-ids.js";

test("of the other arrangements only the one with the lowest median is kept", () => {
  const kept = withTheBest([
    ["one batch", [90, 100, 110]],
    ["sorted", [50, 60, 1000]],
    ["one by one", [61, 62, 63]],
  ]);
  expect(kept.map(([name]) => name)).toEqual(["one batch", "sorted"]);
  expect(withTheBest([["one batch", [1]]])).toEqual([["one batch", [1]]]);
});
