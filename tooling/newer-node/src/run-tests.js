import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const repository = fileURLToPath(new URL("../../..", import.meta.url));
const jest = join(dirname(require.resolve("jest/package.json")), "bin/jest.js");

/**
 * Runs a package's tests under another Node than the one at hand.
 *
 * @param {string} node path of the program
 * @param {string} folder of the package, from the repository
 * @param {readonly string[]} [options] of jest
 * @returns {{ status: number | null, passed: number, failed: number, skipped: number, output: string }} `output` is what jest said of what failed
 */
export function runTests(node, folder, options = []) {
  const scratch = mkdtempSync(join(tmpdir(), "newer-node-"));
  try {
    const results = join(scratch, "results.json");
    const flags = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
    // Without our own reporters: the counts that CI adds up are those of the Node at hand.
    const run = [jest, "--reporters=default", "--json", `--outputFile=${results}`, ...options];
    const env = { ...process.env, NODE_OPTIONS: "" };
    const cwd = join(repository, folder);
    const { status, stderr } = spawnSync(node, [...flags, ...run], { cwd, env, encoding: "utf8" });
    const counts = JSON.parse(readFileSync(results, "utf8"));
    return {
      status,
      passed: counts.numPassedTests,
      failed: counts.numFailedTests + counts.numRuntimeErrorTestSuites,
      skipped: counts.numPendingTests,
      output: status === 0 ? "" : stderr.slice(-4000),
    };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
