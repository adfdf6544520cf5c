import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pinnedPnpm, repository, toolEnvironment } from "./repository.js";

const stampPath = join(repository, "node_modules/.set-up");

/**
 * Installs what the lockfile says, through npx so that npm is all it takes; does nothing where that was done already.
 * Only standard error is written to.
 *
 * @returns {number} the exit status
 */
export function setUp() {
  const wanted = lockfileHash();
  if (stamp() === wanted) return 0;
  console.error("Setting up: installing dependencies (once)…");
  const command = ["--yes", pinnedPnpm(), "install", "--frozen-lockfile"];
  const { status, error, stdout, stderr } = spawnSync(process.platform === "win32" ? "npx.cmd" : "npx", command, {
    cwd: repository,
    env: toolEnvironment(),
    encoding: "utf8",
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 2 ** 26,
  });
  if (error !== undefined) console.error(`npx cannot be run: ${error.message}`);
  if (status === 0) writeFileSync(stampPath, wanted);
  else process.stderr.write(`${stdout}${stderr}`);
  return status ?? 1;
}

function lockfileHash() {
  const hash = createHash("sha256");
  for (const name of ["pnpm-lock.yaml", "pnpm-workspace.yaml"]) hash.update(readFileSync(join(repository, name)));
  return hash.digest("hex");
}

function stamp() {
  try {
    return readFileSync(stampPath, "utf8");
  } catch {
    return undefined;
  }
}
