import { runReadme } from "@bertkit-tooling/readme-example";
import { expect, test } from "@jest/globals";
import * as data from "./index.js";

test("the README's example prints what it says", async () => {
  const { promised, printed } = await runReadme(import.meta.url, { "@bertkit/data": data });
  expect(promised).toHaveLength(5);
  expect(printed).toEqual(promised);
});
