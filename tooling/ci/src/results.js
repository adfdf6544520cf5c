import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts what a package's tests came to
 * @typedef {Counts & { problems: readonly string[] }} Sum all counts, and what went wrong besides failed tests
 */

/** Where the tests of a package leave their counts; see `tooling/jest/count-reporter.cjs`. */
const resultsName = "test-results.json";

/** The folders of the workspace's packages. @param {string} repository @returns {string[]} */
function packageFolders(repository) {
  return ["packages", "apps", "examples", "tooling"].flatMap((group) => {
    const path = join(repository, group);
    if (!existsSync(path)) return [];
    return readdirSync(path)
      .map((name) => `${group}/${name}`)
      .filter((folder) => existsSync(join(repository, folder, "package.json")));
  });
}

/** Deletes the counts of earlier runs: what is found afterwards is of this run. @param {string} repository */
export function forgetResults(repository) {
  for (const folder of packageFolders(repository)) rmSync(join(repository, folder, resultsName), { force: true });
}

/**
 * Adds up what all packages' tests left. A package that has tests and left no counts is a problem and counts as one
 * failure, and so does a run that failed (a build, a type or a style error) while every test passed.
 *
 * @param {string} repository
 * @param {number} status with which the run ended
 * @returns {Sum}
 */
export function sumResults(repository, status) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  /** @type {string[]} */
  const problems = [];
  for (const folder of packageFolders(repository)) {
    const path = join(repository, folder, resultsName);
    if (existsSync(path)) {
      const counts = readCounts(path);
      if (counts === undefined) problems.push(`${folder}/${resultsName} is not readable`);
      sum.passed += counts?.passed ?? 0;
      sum.failed += counts?.failed ?? 0;
      sum.skipped += counts?.skipped ?? 0;
    } else if (hasTests(join(repository, folder, "src"))) {
      problems.push(`${folder} has tests, but they left no results`);
    }
  }
  if (sum.passed + sum.failed === 0) problems.push("no test ran");
  if (status !== 0 && sum.failed + problems.length === 0) {
    problems.push(
      `the run ended with status ${status}, yet no test failed: see above for the build, type or style error`,
    );
  }
  return { ...sum, failed: sum.failed + problems.length, problems };
}

/** @param {string} path @returns {Counts | undefined} */
function readCounts(path) {
  try {
    const counts = JSON.parse(readFileSync(path, "utf8"));
    const isCount = (/** @type {unknown} */ value) => Number.isInteger(value) && Number(value) >= 0;
    return [counts.passed, counts.failed, counts.skipped].every(isCount) ? counts : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} folder @returns {boolean} */
function hasTests(folder) {
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { recursive: true }).some((name) => /\.test\.[cm]?[jt]sx?$/.test(String(name)));
}
