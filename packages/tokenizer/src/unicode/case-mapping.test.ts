import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { isFinalSigma } from "./case-mapping.js";

test("a Σ is final behind a letter and before none, whatever case ignores between", () => {
  const finals = (text: string) => [...text.matchAll(/Σ/g)].map(({ index }) => isFinalSigma(text, index));
  expect(finals("ΟΔΟΣ ΣΟΣ")).toEqual([true, false, true]);
  expect(finals("Σ")).toEqual([false]);
  expect(finals("AΣ'.")).toEqual([true]);
  expect(finals("AΣ'B")).toEqual([false]);
  expect(finals("A\u0301Σ\u{e0001}𐐀 𐐀Σ世")).toEqual([false, true]);
});

test("the engine's lower case has the same final sigmas", () => {
  const text = fc.string({ unit: fc.constantFrom(..."Σaé世𐐨\u0301.':- \u00ad") });
  fc.assert(
    fc.property(text, (text) => {
      const ours = text.replace(/Σ/g, (_sigma, at) => (isFinalSigma(text, at) ? "ς" : "σ"));
      expect(ours).toBe(text.toLowerCase());
    }),
  );
});
