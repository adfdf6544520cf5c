import { exitCodes } from "./failure.js";
import { version } from "./version.js";

// Before anything is loaded: programs ask for the version often, and wait for it.
const [, , first, ...rest] = process.argv;
if ((first === "--version" || first === "-V") && rest.length === 0) {
  process.stdout.write(`${version()}\n`);
  process.exitCode = exitCodes.ok;
} else {
  await (await import("./run.js")).run();
}
