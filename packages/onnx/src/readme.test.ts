import * as files from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as bertModel from "@bertkit/bert-model";
import * as heads from "@bertkit/heads";
import * as tensor from "@bertkit/tensor";
import { runReadme } from "@bertkit-tooling/readme-example";
import { expect, test } from "@jest/globals";
import * as own from "./index.js";

test("the README's example prints what it says", async () => {
  const folder = await files.mkdtemp(join(tmpdir(), "onnx-"));
  try {
    const modules = {
      "node:fs/promises": files,
      "@bertkit/tensor": tensor,
      "@bertkit/bert-model": bertModel,
      "@bertkit/heads": heads,
      "@bertkit/onnx": own,
    };
    const path = join(folder, "model.onnx").replaceAll("\\", "/");
    const { promised, printed } = await runReadme(import.meta.url, modules, { "model.onnx": path });
    expect(promised.length).toBeGreaterThan(0);
    expect(printed).toEqual(promised);
  } finally {
    await files.rm(folder, { recursive: true });
  }
});
