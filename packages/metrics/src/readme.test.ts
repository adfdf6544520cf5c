import { runReadme } from "@bertkit-tooling/readme-example";
import { expect, test } from "@jest/globals";
import * as metrics from "./index.js";

test("the README's example prints what it says", async () => {
  const { promised, printed } = await runReadme(import.meta.url, { "@bertkit/metrics": metrics });
  expect(promised).toHaveLength(6);
  expect(printed).toEqual(promised);
});
