import { expect, test } from "@jest/globals";
import { describeMachine } from "../machine.js";
import { showOnnx } from "./show-onnx.js";

test("a row tells whose ids they are, and how far the vectors are from the golden ones", () => {
  const row = { precision: "int8", tokenizer: "transformers.js", otherIds: 2 } as const;
  const text = showOnnx({
    program: "onnx",
    machine: describeMachine(),
    texts: 120,
    rows: [{ ...row, agreement: { difference: 0.01234, cosine: 0.99781249 } }],
  });
  expect(text).toMatch(/^int8 +transformers\.js +2 +1\.2e-2 +0\.997812$/m);
  expect(text).toContain("vectors of 120 texts");
});
