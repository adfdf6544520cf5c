import { repository } from "../src/repository.js";
import { sumResults } from "../src/results.js";

// The end of `.ci/run`: its argument is the status with which the tests ended.

const { passed, failed, skipped, problems } = sumResults(repository, Number(process.argv[2] ?? 0));
for (const problem of problems) console.log(`FAILED: ${problem}`);
if (skipped > 0) console.log(`${skipped} skipped`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
