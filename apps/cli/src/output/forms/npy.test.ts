import { describe, expect, test } from "@jest/globals";
import { openCodec } from "../elements.js";
import { elementTypes } from "../output-form.js";
import { npyEncoder, rawEncoder } from "./npy.js";

describe("an .npy file", () => {
  test("has a header of NumPy's version 1.0 and of one length for any number of rows", async () => {
    const { header } = npyEncoder(await openCodec("float32", 384));
    const [empty, large] = [header?.(0), header?.(Number.MAX_SAFE_INTEGER)];
    expect(empty?.length).toBe(128);
    expect(large?.length).toBe(128);
    const text = Buffer.from(large as Uint8Array).toString("latin1");
    expect(text.slice(0, 10)).toBe("\x93NUMPY\x01\x00\x76\x00");
    expect(text.slice(10).trimEnd()).toBe(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9007199254740991, 384), }",
    );
    expect(text.endsWith(" \n")).toBe(true);
  });

  test("says of each type what NumPy calls it, and of signs how many bytes they are", async () => {
    const described = await Promise.all(
      elementTypes.map(async (type) => {
        const header = npyEncoder(await openCodec(type, 9)).header?.(3);
        return /'descr': '(.*?)'.*\(3, (\d+)\)/.exec(Buffer.from(header as Uint8Array).toString("latin1"))?.slice(1);
      }),
    );
    expect(described).toEqual([
      ["<f4", "9"],
      ["<f2", "9"],
      ["|i1", "9"],
      ["|u1", "9"],
      ["|i1", "2"],
      ["|u1", "2"],
    ]);
  });
});

describe("raw numbers", () => {
  test("are little-endian, of each type", async () => {
    const row = { text: "", cells: [], place: "" };
    const bytesOf = async (type: "float32" | "float16" | "binary" | "ubinary") => {
      const codec = await openCodec(type, 2);
      return [...(rawEncoder().append(row, codec.convert(Float32Array.of(9, 1, -2).subarray(1))) ?? [])];
    };
    expect(await bytesOf("float32")).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
    expect(await bytesOf("float16")).toEqual([0, 0x3c, 0, 0xc0]);
    expect(await bytesOf("ubinary")).toEqual([0x80]);
    expect(await bytesOf("binary")).toEqual([0]);
  });
});
