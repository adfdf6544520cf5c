import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeTinyModel } from "@bertkit-tooling/fixtures";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { train } from "./train.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "custom-layer-"));
  await writeTinyModel(folder);
});
afterAll(() => rm(folder, { recursive: true }));

test("a layer of one's own learns on a frozen BERT, alike on both backends", async () => {
  const [reference, wasm] = await Promise.all(
    (["reference", "wasm"] as const).map((device) => train(folder, { device, steps: 60, texts: ["a joy"] })),
  );
  expect(reference!.losses[0]).toBeCloseTo(Math.log(2), 1);
  expect(reference!.losses.at(-1)!).toBeLessThan(reference!.losses[0]! / 2);
  for (const [i, loss] of reference!.losses.entries()) expect(wasm!.losses[i]).toBeCloseTo(loss, 3);
  expect(wasm!.probabilities[0]).toBeCloseTo(reference!.probabilities[0]!, 3);
});
