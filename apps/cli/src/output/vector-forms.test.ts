import { describe, expect, test } from "@jest/globals";
import { vectorForm } from "./vector-forms.js";

describe("vector forms", () => {
  test("a JSON line has the text and the shortest digits", () => {
    const row = vectorForm("jsonl").row('a "b"\n\ud800\0', Float32Array.of(0.1, -0, 1));
    expect(row).toBe('{"text":"a \\"b\\"\\n\\ud800\\u0000","vector":[0.1,-0,1]}\n');
  });

  test("JSON has no NaN, and says so", () => {
    expect(() => vectorForm("jsonl").row("", Float32Array.of(Number.NaN))).toThrow(/NaN or infinity.*write \.npy/);
  });

  test("the .npy header has one length for any number of rows and is NumPy's version 1.0", () => {
    const header = vectorForm("npy").header;
    const [empty, large] = [header?.(0, 384), header?.(Number.MAX_SAFE_INTEGER, 384)];
    expect(empty?.length).toBe(128);
    expect(large?.length).toBe(128);
    const text = Buffer.from(large as Uint8Array).toString("latin1");
    expect(text.slice(0, 10)).toBe("\x93NUMPY\x01\x00\x76\x00");
    expect(text.slice(10).trimEnd()).toBe(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9007199254740991, 384), }",
    );
    expect(text.endsWith(" \n")).toBe(true);
  });

  test("binary rows are little-endian", () => {
    expect([...(vectorForm("f32").row("", Float32Array.of(1, -2).subarray(1)) as Uint8Array)]).toEqual([0, 0, 0, 0xc0]);
  });
});
