import { describe, expect, test } from "@jest/globals";
import { displayWidth } from "../terminal/display-width.js";
import { featurePage } from "./feature-page.js";

const features = {
  tokens: ["[CLS]", "图书\u0007馆"],
  layers: [
    { index: -1, values: new Float32Array([0.5, -1.25, 3, 10.00008, -0.12345, 0]) },
    { index: 0, values: new Float32Array(6) },
  ],
};

describe("features as a page", () => {
  test("has for each layer a line a token, with all numbers that fit", () => {
    expect(featurePage("a\tb", { ...features, tokens: ["[CLS]", "图"] }, 80)).toBe(
      [
        "a\\tb",
        "  layer -1",
        "    [CLS]   0.5000  -1.2500   3.0000",
        "    图     10.0001  -0.1235   0.0000",
        "  layer 0",
        "    [CLS]   0.0000   0.0000   0.0000",
        "    图      0.0000   0.0000   0.0000",
        "",
      ].join("\n"),
    );
  });

  test("fits the terminal, shows no control character, and says what is left out", () => {
    for (const columns of [30, 40, 60]) {
      const lines = featurePage("a long text, ".repeat(10), features, columns).split("\n");
      for (const line of lines) expect(displayWidth(line)).toBeLessThan(columns);
    }
    const page = featurePage("a", features, 40);
    expect(page).toContain("layer -1, the first 2 of 3 numbers");
    expect(page).toContain("图书\\u0007馆");
  });
});
