import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeTinyModel } from "@bertkit-tooling/fixtures";
import { runReadme } from "@bertkit-tooling/readme-example";
import { expect, test } from "@jest/globals";
import * as bertkit from "./index.js";

test("the README's example prints what it says", async () => {
  const folder = await mkdtemp(join(tmpdir(), "readme-"));
  try {
    await writeTinyModel(folder);
    const model = { "sentence-transformers/all-MiniLM-L6-v2": folder };
    const { promised, printed } = await runReadme(import.meta.url, { bertkit }, model);
    expect(promised).toHaveLength(2);
    expect(printed).toEqual(promised);
  } finally {
    await rm(folder, { recursive: true });
  }
});
