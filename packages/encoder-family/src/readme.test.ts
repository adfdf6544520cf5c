import * as checkpoint from "@bertkit/checkpoint";
import * as layers from "@bertkit/layers";
import * as tensor from "@bertkit/tensor";
import { runReadme } from "@bertkit-tooling/readme-example";
import { expect, test } from "@jest/globals";
import * as own from "./index.js";

test("the README's example prints what it says", async () => {
  const { promised, printed } = await runReadme(import.meta.url, {
    "@bertkit/checkpoint": checkpoint,
    "@bertkit/layers": layers,
    "@bertkit/tensor": tensor,
    "@bertkit/encoder-family": own,
  });
  expect(promised.length).toBeGreaterThan(0);
  expect(printed).toEqual(promised);
});
