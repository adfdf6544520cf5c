import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { repository } from "../src/repository.js";
import { forgetResults } from "../src/results.js";
import { setUp } from "../src/set-up.js";
import { turbo } from "../src/turbo.js";

// `npm test`: sets up, then builds, checks types and style, and runs all tests. Arguments go to turbo:
// `npm test -- --filter=@bertkit/tokenizer`.

process.exitCode = setUp();
if (process.exitCode === 0) {
  forgetResults(repository);
  // Named outright, so that results without the data are not taken from the cache for results with it.
  const data = resolve(repository, process.env.BERTKIT_DATA ?? "../shared/data");
  const env = existsSync(data) ? { BERTKIT_DATA: data } : {};
  const tasks = ["build", "typecheck", "lint", "lint:root", "test"];
  const args = ["run", ...tasks, "--continue=dependencies-successful", ...process.argv.slice(2)];
  process.exitCode = await turbo(args, { env });
}
