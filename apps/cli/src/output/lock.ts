import { rmSync } from "node:fs";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { codeOf, Failure } from "../failure.js";

/** That this process alone works on an output; disposed of, another may. */
export interface Lock extends Disposable {}

/**
 * Takes the lock file, or over from a process that is gone.
 * @throws {Failure} where another process holds it. Errors of the file system pass through.
 */
export async function takeLock(path: string, output: string): Promise<Lock> {
  const { started } = (await lifeOf(process.pid)) ?? {};
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), started });
  while (!(await create(path, mine))) {
    const holder = await checkHolder(path, output);
    if (holder !== undefined) await removeStale(path, holder);
  }
  await sweep(path);
  const release = (): void => rmSync(path, { force: true });
  process.on("exit", release);
  return {
    [Symbol.dispose]() {
      process.off("exit", release);
      release();
    },
  };
}

/** @throws {Failure} where a process that is alive holds the lock; else gives what the lock file of a dead one says. */
export async function checkHolder(path: string, output: string): Promise<string | undefined> {
  const content = await readWhole(path);
  const holder = content === undefined ? undefined : parseHolder(content);
  if (!holder || (holder.host === hostname() && !(await isAlive(holder)))) return content;
  const place = holder.host === hostname() ? "" : ` on ${holder.host}`;
  throw new Failure(`${output}: another process, ${holder.pid}${place}, is writing it`, {
    hint: `wait for it, write to another file, or, if it is not bertkit any more, remove ${path}`,
  });
}

async function create(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** A lock that has just been created may be empty for a moment; one that stays so was left by a process killed then. */
async function readWhole(path: string): Promise<string | undefined> {
  for (let attempt = 0; ; attempt++) {
    const content = await readFile(path, "utf8").catch((error: unknown) => {
      if (codeOf(error) !== "ENOENT") throw error;
      return undefined;
    });
    if (content !== "" || attempt === 5) return content;
    await setTimeout(50);
  }
}

/** Who took a lock. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When that process started, where the system says so: its number may be another's by now. */
  readonly started?: string | undefined;
}

function parseHolder(content: string): Holder | undefined {
  try {
    const { pid, host, started } = JSON.parse(content) as Partial<Record<keyof Holder, unknown>>;
    if (!Number.isSafeInteger(pid) || typeof host !== "string") return undefined;
    return { pid: pid as number, host, started: typeof started === "string" ? started : undefined };
  } catch {
    return undefined;
  }
}

/** In a container that starts again the new process often has the dead one's number, so our own counts as dead. */
async function isAlive({ pid, started }: Holder): Promise<boolean> {
  if (pid === process.pid || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) !== "EPERM") return false;
  }
  const now = await lifeOf(pid);
  return now === undefined || (now.state !== "Z" && (started === undefined || now.started === started));
}

/** What Linux says of a process: a dead one keeps its number until its parent asks, which some containers' never does. */
async function lifeOf(pid: number): Promise<{ state: string; started: string } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // proc_pid_stat(5): behind the name, which may have blanks and brackets, field 3 is the state, 22 the time of its start.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, started] = [fields?.[0], fields?.[19]];
  return state === undefined || started === undefined ? undefined : { state, started };
}

/** Of several processes that find a stale lock one moves it away; what turns out to be a newer one is put back. */
async function removeStale(path: string, content: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  const moved = await readFile(aside, "utf8");
  if (moved !== content) await create(path, moved);
  await rm(aside, { force: true });
}

/** Removes what processes left that were killed while they moved a stale lock away. */
async function sweep(path: string): Promise<void> {
  const folder = dirname(path);
  const start = `${basename(path)}.`;
  for (const name of await readdir(folder)) {
    const pid = Number(name.slice(start.length));
    if (!name.startsWith(start) || !Number.isSafeInteger(pid) || (await isAlive({ pid, host: hostname() }))) continue;
    await rm(join(folder, name), { force: true });
  }
}
