import { UnsupportedError } from "@bertkit/tensor";
import { describe, expect, test } from "@jest/globals";
import { type NameRow, nameTable, ownNames } from "./index.js";

const rows: readonly NameRow[] = [
  ["pooler", "pooler.dense"],
  ["pooler.weight", "pooler/kernel", "transposed"],
  ["blocks.#.norm", "layer_#/LayerNorm"],
  ["scales", "s"],
  ["#.linear", "#_Dense.linear"],
];
const name = (path: string, prefix?: string): string => nameTable(rows, prefix)(path).name;

describe("nameTable", () => {
  test("a row for the whole path goes before a row for its part", () => {
    const table = nameTable(rows);
    expect(table("pooler.weight")).toEqual({ name: "pooler/kernel", transposed: true });
    expect(table("pooler.bias")).toEqual({ name: "pooler.dense.bias", transposed: false });
  });

  test("# is the first number of the path, of any length and at any place", () => {
    expect(name("blocks.0.norm.weight")).toBe("layer_0/LayerNorm.weight");
    expect(name("blocks.123.norm.bias")).toBe("layer_123/LayerNorm.bias");
    expect(name("2.linear.bias")).toBe("2_Dense.linear.bias");
    expect(name("scales.4")).toBe("s.4");
  });

  test("a number inside a word is part of the word", () => {
    expect(nameTable([["conv1d", "c"]])("conv1d.weight").name).toBe("c.weight");
    expect(() => name("blocks1.0.norm.weight")).toThrow(UnsupportedError);
  });

  test("the prefix stands before every name", () => {
    expect(name("pooler.bias", "bert.")).toBe("bert.pooler.dense.bias");
    expect(name("blocks.1.norm.bias", "bert/")).toBe("bert/layer_1/LayerNorm.bias");
  });

  test.each(["", "weight", "poolers", "pooler.dense.weight", "blocks.norm.weight", "blocks.x.norm.weight"])(
    "a path that no row covers is an error: %p",
    (path) => {
      expect(() => name(path)).toThrow(new UnsupportedError(`this kind of file has no name for ${path}`));
    },
  );

  test("the own spelling is the path", () => {
    expect(ownNames("blocks.0.norm.weight")).toEqual({ name: "blocks.0.norm.weight", transposed: false });
  });
});
