import { describe, expect, test } from "@jest/globals";
import { failureOf, openPyTorch } from "../fixtures/open-pytorch.js";
import { floats, op, type Part, storage, tensor, zipFile } from "../fixtures/pickle-assembler.js";

const numbers = floats(0, 1, 2, 3, 4, 5);
const matrix = tensor(storage("7", 6), 0, [2, 3], [3, 1]);
const column = tensor(storage("7", 6), 1, [2], [3]);

describe("the names in a file of PyTorch's", () => {
  const namesOf = async (value: Part) => [...(await openPyTorch(zipFile(value, { 7: numbers }))).entries.keys()];

  test.each<[title: string, value: Part, names: string[]]>([
    ["are the keys", op.dict({ a: matrix, b: "K\x01", c: op.text("text"), d: column }), ["a", "d"]],
    [
      "are those of the one dict that has arrays",
      op.dict({ epoch: "K\x03", state_dict: op.dict({ "a.b": matrix }) }),
      ["a.b"],
    ],
    [
      "are those of the model, and an optimizer's have its key",
      op.dict({
        model: op.dict({ a: matrix }),
        optimizer: op.dict({
          state: ["}K\0", op.dict({ exp_avg: matrix }), "s"],
          param_groups: op.list(op.dict({ lr: "K\x01" })),
        }),
      }),
      ["a", "optimizer.state.0.exp_avg"],
    ],
    [
      "of several dicts have their keys",
      op.dict({ model: op.dict({ a: matrix }), ema: op.dict({ a: matrix }) }),
      ["model.a", "ema.a"],
    ],
    ["of arrays beside a dict have its key", op.dict({ model: op.dict({ a: matrix }), b: matrix }), ["model.a", "b"]],
    [
      "of one dict further down lack the outermost key",
      op.dict({ x: op.dict({ y: op.dict({ z: matrix }) }) }),
      ["y.z"],
    ],
    ["in a list are places", op.list(matrix, op.dict({ a: matrix })), ["0", "1.a"]],
    ["of an array alone is tensor", matrix, ["tensor"]],
    ["of nothing are none", "}", []],
  ])("%s", async (_, value, names) => {
    expect(await namesOf(value)).toEqual(names);
  });

  test("come through lists that hold themselves", async () => {
    expect(
      await namesOf(["}q\0", op.text("a"), matrix, "s", op.text("self"), "h\0s", op.text("list"), "]q\x01h\x01ah\0as"]),
    ).toEqual(["a"]);
  });

  test.each<[title: string, value: Part, error: string]>([
    ["two arrays of one name", op.dict({ "a.b": matrix, a: op.dict({ b: matrix }) }), "malformed: "],
    ["a key that is a tuple", ["})", matrix, "s"], "unsupported: "],
    ["dicts that nest deep", ["]".repeat(100), "a".repeat(99)], "limit: "],
    ["dicts that nest very deep", ["]".repeat(100_000), "a".repeat(99_999)], "limit: "],
    ["lists that double at each level", ["]q\0", matrix, "a", "]q\x01h\0ah\0ah\x01q\0".repeat(60)], "limit: "],
  ])("are refused for %s", async (_, value, error) => {
    expect(await failureOf(zipFile(value, { 7: numbers }))).toContain(error);
  });
});
