import { readFileSync } from "node:fs";
import * as tensor from "@bertkit/tensor";
import { expect, test } from "@jest/globals";
import * as heads from "./index.js";

test("the README's example prints what it says", async () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const code = (/```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? "").replace(
    /import (\{.*?\}) from "(@bertkit\/\w+)";/g,
    'const $1 = packages["$2"];',
  );
  const promised = [...code.matchAll(/\/\/ → (.*)/g)].map(([, line]) => line);
  const printed: string[] = [];
  const log = (...values: unknown[]) => printed.push(values.map((value) => JSON.stringify(value)).join(" "));
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  const packages = { "@bertkit/tensor": tensor, "@bertkit/heads": heads };
  await AsyncFunction("packages", "console", code)(packages, { log });
  expect(promised.length).toBeGreaterThan(1);
  expect(printed).toEqual(promised);
});
