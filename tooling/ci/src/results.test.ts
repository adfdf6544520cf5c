import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { forgetResults, sumResults } from "./results.js";

let repository = "";
beforeEach(async () => {
  repository = await mkdtemp(join(tmpdir(), "results-"));
});
afterEach(() => rm(repository, { recursive: true }));

async function write(files: Readonly<Record<string, string>>) {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(repository, path)), { recursive: true });
    await writeFile(join(repository, path), content);
  }
}

const counts = (passed: number, failed: number, skipped = 0) => JSON.stringify({ passed, failed, skipped });

const tested = (folder: string, results?: string) => ({
  [`${folder}/package.json`]: "{}",
  [`${folder}/src/deep/thing.test.ts`]: "",
  ...(results !== undefined && { [`${folder}/test-results.json`]: results }),
});

describe("the sum of all results", () => {
  test("is over packages, apps, examples and tooling", async () => {
    await write({
      ...tested("packages/a", counts(3, 0, 1)),
      ...tested("apps/b", counts(4, 0)),
      ...tested("examples/c", counts(5, 0)),
      ...tested("tooling/d", counts(6, 0, 1)),
      "tooling/jest/preset.js": "",
      "packages/without-tests/package.json": "{}",
    });
    expect(sumResults(repository, 0)).toEqual({ passed: 18, failed: 0, skipped: 2, problems: [] });
  });

  test("a package with tests that left no results is a failure", async () => {
    await write({ ...tested("packages/a", counts(3, 0)), ...tested("packages/b") });
    expect(sumResults(repository, 0)).toMatchObject({
      passed: 3,
      failed: 1,
      problems: ["packages/b has tests, but they left no results"],
    });
  });

  test.each(["", "{}", `{"passed":-1,"failed":0,"skipped":0}`, `{"passed":"3","failed":0,"skipped":0}`])(
    "results that say %j are a failure",
    async (text) => {
      await write({ ...tested("packages/a", text), ...tested("packages/b", counts(1, 0)) });
      expect(sumResults(repository, 0)).toMatchObject({ passed: 1, failed: 1 });
    },
  );

  test("a run in which nothing ran is a failure", async () => {
    await write({ "packages/a/package.json": "{}" });
    expect(sumResults(repository, 0)).toMatchObject({ passed: 0, failed: 1, problems: ["no test ran"] });
  });

  test("a type or style error is a failure, though every test passed", async () => {
    await write(tested("packages/a", counts(3, 0)));
    expect(sumResults(repository, 2)).toMatchObject({ passed: 3, failed: 1 });
    expect(sumResults(repository, 2).problems[0]).toContain("status 2");
  });

  test("failed tests explain a failed run", async () => {
    await write(tested("packages/a", counts(3, 2)));
    expect(sumResults(repository, 1)).toEqual({ passed: 3, failed: 2, skipped: 0, problems: [] });
  });

  test("results of earlier runs are forgotten", async () => {
    await write({ ...tested("packages/a", counts(3, 0)), ...tested("packages/b", counts(4, 0)) });
    forgetResults(repository);
    await write(tested("packages/a", counts(5, 0)));
    expect(sumResults(repository, 0)).toMatchObject({ passed: 5, failed: 1 });
  });
});

test("the report's last line is the two counts, and its status says whether anything failed", () => {
  const report = fileURLToPath(new URL("../bin/report.js", import.meta.url));
  const { stdout, status } = spawnSync(process.execPath, [report, "1"], { encoding: "utf8" });
  // Whatever this repository holds at the moment, a run that ended with 1 has failed.
  expect(stdout).toMatch(/(^|\n)\d+ passed, [1-9]\d* failed\n$/);
  expect(status).toBe(1);
});
