import { runReadme } from "@bertkit-tooling/readme-example";
import { expect, test } from "@jest/globals";
import { modelFiles, openScene } from "./fixtures/scene.js";
import * as hub from "./index.js";

test("the README's example prints what it says", async () => {
  const before = { ...process.env };
  await using scene = await openScene({ models: new Map([["sentence-transformers/all-MiniLM-L6-v2", modelFiles]]) });
  try {
    Object.assign(process.env, { HF_ENDPOINT: scene.hub.url, HF_HUB_CACHE: scene.cacheFolder, HF_TOKEN: "" });
    Object.assign(process.env, { HF_HUB_DISABLE_IMPLICIT_TOKEN: "1" });
    const { promised, printed } = await runReadme(import.meta.url, { "@bertkit/hub": hub });
    expect(promised).toHaveLength(5);
    expect(printed).toEqual(promised);
  } finally {
    for (const name of ["HF_ENDPOINT", "HF_HUB_CACHE", "HF_TOKEN", "HF_HUB_DISABLE_IMPLICIT_TOKEN"]) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
});
