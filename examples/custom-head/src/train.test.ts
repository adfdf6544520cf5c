import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeTinyModel } from "@bertkit-tooling/fixtures";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { train } from "./train.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "custom-head-"));
  await writeTinyModel(folder);
});
afterAll(() => rm(folder, { recursive: true }));

test("a head of one's own learns ratings on a frozen BERT, alike on both backends", async () => {
  const [reference, wasm] = await Promise.all(
    (["reference", "wasm"] as const).map((device) => train(folder, { device })),
  );
  expect(reference!.losses[0]).toBeCloseTo(Math.log(2), 1);
  expect(reference!.losses.at(-1)!).toBeLessThan(reference!.losses[0]! / 2);
  expect(reference!.ratings.map(({ level }) => level + 1)).toEqual([1, 1, 2, 3, 3, 4, 5, 5]);
  for (const [i, loss] of reference!.losses.entries()) expect(wasm!.losses[i]).toBeCloseTo(loss, 3);
  expect(wasm!.ratings.map(({ level }) => level)).toEqual(reference!.ratings.map(({ level }) => level));
});
