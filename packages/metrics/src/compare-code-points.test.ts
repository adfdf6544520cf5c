import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { compareCodePoints } from "./compare-code-points.js";

test("texts are ordered as their code points are", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      const sign = Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(Math.sign(compareCodePoints(a, b))).toBe(sign);
    }),
  );
});
