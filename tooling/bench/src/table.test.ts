import { expect, test } from "@jest/globals";
import { showTable } from "./table.js";

test("words stand to the left, columns of numbers to the right, and no line ends in spaces", () => {
  const rows = [
    ["who", "ms", "wanted"],
    ["ours", "9.5", "≥ 1"],
    ["a rival", "120.0", ""],
  ];
  expect(showTable(rows)).toBe("who         ms  wanted\nours       9.5  ≥ 1\na rival  120.0");
});
