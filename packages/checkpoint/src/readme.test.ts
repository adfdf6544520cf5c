import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import * as published from "./index.js";

test("the README's example does what it says", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const folder = await mkdtemp(join(tmpdir(), "bertkit-"));
  try {
    const body = example
      .replace(/^import (\{.*\}) from "@bertkit\/checkpoint";$/m, "const $1 = published;")
      .replaceAll('"tiny.safetensors"', JSON.stringify(join(folder, "tiny.safetensors")));
    const printed: unknown[][] = [];
    const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
    await AsyncFunction(
      "published",
      "console",
      body,
    )(published, { log: (...values: unknown[]) => printed.push(values) });
    expect(printed).toEqual([["ids", [2], "int64"], ["words", [3, 2], "float16"], [new Float32Array([3, 4])]]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
