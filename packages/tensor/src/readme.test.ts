import { runReadme } from "@bertkit-tooling/readme-example";
import { expect, test } from "@jest/globals";
import * as own from "./index.js";

test("the README's example runs as it stands, learns, and leaves nothing behind", async () => {
  const { promised, printed } = await runReadme(import.meta.url, { "@bertkit/tensor": own });
  expect(promised).toHaveLength(2);
  expect(printed).toEqual(promised);
});
