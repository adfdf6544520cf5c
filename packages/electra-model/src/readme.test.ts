import * as checkpoint from "@bertkit/checkpoint";
import * as family from "@bertkit/encoder-family";
import * as tensor from "@bertkit/tensor";
import { runReadme } from "@bertkit-tooling/readme-example";
import { expect, test } from "@jest/globals";
import * as own from "./index.js";

test("the README's example prints what it says", async () => {
  const { promised, printed } = await runReadme(import.meta.url, {
    "@bertkit/tensor": tensor,
    "@bertkit/checkpoint": checkpoint,
    "@bertkit/encoder-family": family,
    "@bertkit/electra-model": own,
  });
  expect(promised.length).toBeGreaterThan(0);
  expect(printed).toEqual(promised);
});
