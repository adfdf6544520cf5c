import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const page = fileURLToPath(new URL("../page", import.meta.url));
const vite = join(createRequire(import.meta.url).resolve("vite/package.json"), "../bin/vite.js");

/** Builds the page into a folder with Vite as it comes, nothing configured. What Vite said, on either output. */
export async function buildPage(folder: string): Promise<string> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const args = [vite, "build", page, "--outDir", folder, "--emptyOutDir"];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env: { ...env, NO_COLOR: "1" } });
  return stdout + stderr;
}
