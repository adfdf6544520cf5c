import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("..", import.meta.url));
const requirements = join(here, "requirements.txt");

/** The program `PYTHON`, else `python3.11`; undefined where it is not of that version or cannot make environments. */
export function findPython() {
  const program = process.env.PYTHON ?? "python3.11";
  const script = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])";
  const { stdout, status } = spawnSync(program, ["-c", script], { encoding: "utf8" });
  return status === 0 && stdout.trim() === "3.11" ? program : undefined;
}

/**
 * A Python with what requirements.txt names. It is kept for the next time in `BERTKIT_PYTHON_CACHE`, else in the system's
 * temporary folder, by the file's content.
 *
 * @param {string} program
 * @returns {{ python: string } | { problem: string }}
 */
export function environmentOf(program) {
  const version = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const folder = join(process.env.BERTKIT_PYTHON_CACHE ?? tmpdir(), `bertkit-verify-interop-${version}`);
  const python = join(folder, "bin/python");
  const complete = join(folder, "complete");
  if (existsSync(complete)) return { python };
  rmSync(folder, { recursive: true, force: true });
  for (const [command, ...args] of [
    [program, "-m", "venv", folder],
    [python, "-m", "pip", "install", "--quiet", "--no-compile", "--requirement", requirements],
  ]) {
    const { status, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: 420_000 });
    if (status !== 0) return { problem: `${command} ${args.join(" ")} failed: ${stderr.slice(-2000)}` };
  }
  writeFileSync(complete, "");
  return { python };
}

/**
 * Writes the models and has Python read them.
 *
 * @param {string} python
 * @returns {{ passed: boolean, output: string }} `output` is verify.py's table
 */
export function verify(python) {
  const folder = mkdtempSync(join(tmpdir(), "verify-interop-"));
  try {
    const written = spawnSync(process.execPath, [join(here, "bin/write.js"), folder], plain);
    if (written.status !== 0) return { passed: false, output: written.stderr };
    const { status, stdout, stderr } = spawnSync(python, [join(here, "verify.py"), folder], plain);
    return { passed: status === 0, output: status === 0 ? stdout : `${stdout}\n${stderr.slice(-4000)}` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Without the options that the test's own Node runs with. */
const plain = { encoding: /** @type {const} */ ("utf8"), env: { ...process.env, NODE_OPTIONS: "" } };
