import { type ChildProcess, fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { Message, Order } from "./message.js";

/** What a watched process is allowed. */
export interface Limits {
  /** Without a step to the next case. */
  readonly stillSeconds: number;
  readonly residentBytes: number;
}

/** How a watched process ended: well, or with the case that it ended over. */
export type Ending =
  | { readonly kind: "done" }
  | { readonly kind: "broken"; readonly number: number; readonly problem: string };

const lookEvery = 100;

/** Runs a program that tries inputs, passes on what it says, and ends it where it hangs or takes too much memory. */
export async function watch(
  program: URL,
  order: Order,
  limits: Limits,
  onMessage: (message: Message) => void,
): Promise<Ending> {
  // The limit of the heap is V8's own; a process that goes beyond it crashes.
  const child = fork(program, [JSON.stringify(order)], {
    execArgv: ["--max-old-space-size=400"],
    stdio: ["ignore", "inherit", "pipe", "ipc"],
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2000);
  });
  child.on("message", (message: Message) => onMessage(message));
  const ended = new Promise<string | undefined>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (status, signal) => resolve(status === 0 ? undefined : `it ended with ${signal ?? status}`));
  });
  const stopped = await guard(child, order.progress, limits, ended);
  const crash = await ended;
  const problem = stopped ?? crash;
  if (problem === undefined) return { kind: "done" };
  return { kind: "broken", number: await numberIn(order.progress), problem: `${problem}\n${said}`.trim() };
}

/** Kills a process over a limit and says which; undefined where it ended by itself. */
async function guard(
  child: ChildProcess,
  progress: string,
  limits: Limits,
  ended: Promise<unknown>,
): Promise<string | undefined> {
  let last = Number.NaN;
  let since = performance.now();
  while (!(await isOver(ended))) {
    const number = await numberIn(progress);
    if (number !== last) since = performance.now();
    last = number;
    const resident = await residentBytes(child.pid);
    const problem =
      performance.now() - since > limits.stillSeconds * 1000
        ? `it came to no end in ${limits.stillSeconds} s`
        : resident > limits.residentBytes
          ? `the process grew to ${Math.round(resident / 2 ** 20)} MiB`
          : undefined;
    if (problem === undefined) continue;
    child.kill("SIGKILL");
    return problem;
  }
  return undefined;
}

/** After a while, or at once where it is. */
async function isOver(ended: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const later = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), lookEvery);
  });
  const over = await Promise.race([ended.then(() => true), later]);
  clearTimeout(timer);
  return over;
}

async function numberIn(progress: string): Promise<number> {
  const bytes = await readFile(progress).catch(() => Buffer.alloc(0));
  return bytes.length < 8 ? Number.NaN : bytes.readDoubleLE(0);
}

/** Where the system tells; 0 where it doesn't. */
async function residentBytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}
