import * as tensor from "@bertkit/tensor";
import { runReadme } from "@bertkit-tooling/readme-example";
import { expect, test } from "@jest/globals";
import { requestDevice } from "./device/request-device.js";
import * as own from "./index.js";

const probe = await requestDevice(true);
probe?.destroy();

(probe ? test : test.skip)("the README's example prints what it says", async () => {
  const { promised, printed } = await runReadme(import.meta.url, { "@bertkit/tensor": tensor, "@bertkit/gpu": own });
  expect(promised.length).toBeGreaterThan(0);
  expect(printed).toEqual(promised);
});
