import { spawn } from "node:child_process";
import { join } from "node:path";
import { repository, toolEnvironment } from "./repository.js";

/**
 * Runs turbo in the repository.
 *
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, quiet?: boolean }} [options] `quiet` holds what it says back, and tells standard
 * error when it fails
 * @returns {Promise<number>} the exit status
 */
export function turbo(args, { env = {}, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(repository, "node_modules/turbo/bin/turbo"), ...args], {
      cwd: repository,
      env: { ...toolEnvironment(), ...env },
      stdio: quiet ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
    });
    /** @type {Buffer[]} */
    const said = [];
    child.stdout?.on("data", (chunk) => said.push(chunk));
    child.stderr?.on("data", (chunk) => said.push(chunk));
    child.on("error", (error) => {
      console.error(`turbo cannot be run: ${error.message}`);
      resolve(1);
    });
    child.on("close", (status) => {
      if (status !== 0) process.stderr.write(Buffer.concat(said));
      resolve(status ?? 1);
    });
  });
}
