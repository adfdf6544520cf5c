import { readFile } from "node:fs/promises";
import * as tensor from "@bertkit/tensor";
import { expect, test } from "@jest/globals";
import * as wasm from "./index.js";

test("the README's example prints what it says", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const example = /```js\n([\s\S]*?)```/.exec(readme)![1]!;
  const body = example.replace(/^import (\{.*\}) from "@bertkit\/(\w+)";$/gm, "const $1 = $2;");
  const printed: unknown[] = [];
  const run = new Function("tensor", "wasm", "console", `return (async () => {${body}})();`);
  await run(tensor, wasm, { log: (value: unknown) => printed.push(value) });
  expect(printed).toEqual([Float32Array.of(1, 3, 3, 7)]);
});
