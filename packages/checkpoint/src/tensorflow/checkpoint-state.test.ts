import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { checkpointState, latestPrefix } from "./checkpoint-state.js";

describe("the file called checkpoint", () => {
  test("is what TensorFlow writes", () => {
    expect(checkpointState('é "q".ckpt')).toBe(
      'model_checkpoint_path: "é \\"q\\".ckpt"\nall_model_checkpoint_paths: "é \\"q\\".ckpt"\n',
    );
  });

  test("says what it was made of", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (prefix) => {
        expect(latestPrefix(checkpointState(prefix))).toBe(prefix);
      }),
    );
  });

  test.each<[text: string, prefix: string | undefined]>([
    ['all_model_checkpoint_paths: "a"\nmodel_checkpoint_path: "b"\nlast_preserved_timestamp: 1.5', "b"],
    ["model_checkpoint_path:'it\\'s'", "it's"],
    ['model_checkpoint_path: "\\303\\251\\101"', "éA"],
    ['  model_checkpoint_path : "C:\\\\models\\\\a"\r\n', "C:\\models\\a"],
    ['all_model_checkpoint_paths: "a"', undefined],
    ['model_checkpoint_path: "a', undefined],
    ["", undefined],
  ])("%j names %j", (text, prefix) => {
    expect(latestPrefix(text)).toBe(prefix);
  });

  test("is searched in a time that grows with its length", () => {
    expect(latestPrefix("\n".repeat(2 ** 20))).toBeUndefined();
    expect(latestPrefix(`model_checkpoint_path: "${"\\".repeat(2 ** 20)}`)).toBeUndefined();
    expect(latestPrefix('model_checkpoint_path: "a\n'.repeat(2 ** 15))).toBeUndefined();
  });
});
