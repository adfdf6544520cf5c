import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runReadme } from "@bertkit-tooling/readme-example";
import { expect, test } from "@jest/globals";
import * as own from "./index.js";

test("the README's example prints what it says", async () => {
  const folder = await mkdtemp(join(tmpdir(), "bertkit-"));
  try {
    const files = { "tiny.safetensors": join(folder, "tiny.safetensors") };
    const { promised, printed } = await runReadme(import.meta.url, { "@bertkit/checkpoint": own }, files);
    expect(promised).toHaveLength(2);
    expect(printed).toEqual(promised);
  } finally {
    await rm(folder, { recursive: true });
  }
});
