const { writeFileSync } = require("node:fs");
const { join } = require("node:path");

/** Leaves the package's test counts in test-results.json, where `.ci/run` adds them up. */
module.exports = class CountReporter {
  #rootDir;
  constructor(globalConfig) {
    this.#rootDir = globalConfig.rootDir;
  }
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = results;
    const counts = {
      passed: numPassedTests,
      // A suite that could not even be loaded has no failed test in it, yet it failed.
      failed: numFailedTests + numRuntimeErrorTestSuites,
      skipped: numPendingTests,
    };
    writeFileSync(join(this.#rootDir, "test-results.json"), `${JSON.stringify(counts)}\n`);
  }
};
