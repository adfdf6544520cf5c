import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What the programs run under unless told otherwise. */
export const newestNode = "26.10.0";

/** The Node at hand, whichever it is. */
export const nodeAtHand = "this";

/**
 * Runs the program again under another version of Node, which npm fetches once.
 * @returns its exit code, or undefined where this is the version already
 */
export function runUnder(version: string, args: readonly string[]): number | undefined {
  if (version === nodeAtHand || version === process.versions.node) return undefined;
  const program = fileURLToPath(new URL("main.js", import.meta.url));
  const { status, error } = spawnSync(executableOf(version), [program, ...args, "--node", nodeAtHand], {
    stdio: "inherit",
  });
  if (error) throw error;
  return status ?? 1;
}

function executableOf(version: string): string {
  if (!/^\d+(\.\d+){0,2}$/.test(version)) {
    throw new Error(
      `--node must be a version such as ${newestNode}, or "${nodeAtHand}"; got ${JSON.stringify(version)}`,
    );
  }
  const platform = process.platform === "win32" ? "win" : process.platform;
  const parts = ["-y", "-p", `node-${platform}-${process.arch}@${version}`, "node", "-p", "process.execPath"];
  return execFileSync("npx", parts, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();
}
