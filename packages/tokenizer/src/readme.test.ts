import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import * as tokenizer from "./index.js";

test("the README's example prints what it says", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const code = (/```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? "").replace(
    /import (\{.*?\}) from "@bertkit\/tokenizer";/,
    "const $1 = exported;",
  );
  const promised = [...code.matchAll(/\/\/ → (.*)/g)].map(([, line]) => line);
  const printed: string[] = [];
  const print = { log: (...values: unknown[]) => printed.push(values.map((value) => JSON.stringify(value)).join(" ")) };
  new Function("exported", "console", code)(tokenizer, print);
  expect(promised.length).toBeGreaterThan(3);
  expect(printed).toEqual(promised);
});
