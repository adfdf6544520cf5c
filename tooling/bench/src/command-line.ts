import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describeMachine, type Machine, showMachine } from "./machine.js";
import type { BenchOptions } from "./options.js";
import { type Summary, summarize } from "./statistics.js";
import { showTable } from "./table.js";

export interface CommandLineResult {
  readonly program: "command-line";
  readonly machine: Machine;
  readonly model: string;
  readonly rounds: number;
  readonly lines: number;
  /** From starting the process to its end, in milliseconds. */
  readonly starts: readonly { readonly command: string; readonly time: Summary }[];
  readonly pipe: PipeResult;
  readonly kills: KillResult;
}

interface PipeResult {
  readonly seconds: number;
  readonly samples: readonly { readonly seconds: number; readonly lines: number; readonly residentBytes: number }[];
  /** Whether the file that was written has every line, in its place. */
  readonly inOrder: boolean;
}

interface KillResult {
  readonly lines: number;
  /** Moments at which the process was killed, in milliseconds after its start. */
  readonly moments: readonly number[];
  /** Whether the file in the end is the same, to the byte, as that of an undisturbed run. */
  readonly same: boolean;
}

const program = fileURLToPath(new URL("../../../apps/cli/bin/bertkit.js", import.meta.url));

/** Starts, a long pipe into a Parquet file, and a run that is killed ten times and resumed. Linux only. */
export async function measureCommandLine(options: BenchOptions): Promise<CommandLineResult> {
  const machine = describeMachine();
  const { model, lines, rounds = 20 } = options;
  const folder = await mkdtemp(join(tmpdir(), "bertkit-bench-"));
  try {
    const starts = [];
    for (const command of ["--version", "--help", "encode --help"]) {
      const times = [];
      for (let round = -1; round < rounds; round++) {
        const begin = performance.now();
        await ended(start(command.split(" "), folder));
        if (round >= 0) times.push(performance.now() - begin);
      }
      starts.push({ command, time: summarize(times) });
    }
    return {
      program: "command-line",
      machine,
      model,
      rounds,
      lines,
      starts,
      pipe: await measurePipe({ model, lines }, folder),
      kills: await killAndResume(model, folder),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const lineAt = (i: number): string => `line ${i} of a long pipe`;

async function measurePipe(
  { model, lines }: Pick<BenchOptions, "model" | "lines">,
  folder: string,
): Promise<PipeResult> {
  const begin = performance.now();
  const output = join(folder, "pipe.parquet");
  const child = start(["encode", "-", "--model", model, "--output", output], folder);
  const samples: PipeResult["samples"][number][] = [];
  let sent = 0;
  const sample = (): void => {
    const residentBytes = residentBytesOf(child);
    if (residentBytes > 0) samples.push({ seconds: (performance.now() - begin) / 1000, lines: sent, residentBytes });
  };
  const timer = setInterval(sample, 1000);
  while (sent < lines) {
    const block = [];
    for (const end = Math.min(sent + 1000, lines); sent < end; sent++) block.push(`${lineAt(sent)}\n`);
    if (!child.stdin?.write(block.join(""))) await once(child.stdin!, "drain");
  }
  child.stdin?.end();
  await ended(child);
  clearInterval(timer);
  const seconds = (performance.now() - begin) / 1000;
  return { seconds, samples, inOrder: await isInOrder(output, model, lines, folder) };
}

/** Reads the texts of the written file through the command line again. */
async function isInOrder(path: string, model: string, lines: number, folder: string): Promise<boolean> {
  const child = start(["tokenize", "--model", model, "--input", path, "--max-length", "3"], folder);
  let count = 0;
  let ordered = true;
  for await (const line of createInterface({ input: child.stdout! })) {
    if (!line.startsWith(`{"text":${JSON.stringify(lineAt(count++))},`)) ordered = false;
  }
  return ordered && count === lines;
}

async function killAndResume(model: string, folder: string): Promise<KillResult> {
  const lines = 20_000;
  await writeFile(join(folder, "lines.txt"), Array.from({ length: lines }, (_, i) => `${lineAt(i)}\n`).join(""));
  const args = (output: string) => ["encode", "--model", model, "--input", "lines.txt", "--resume", "--output", output];
  const begin = performance.now();
  await ended(start(args("whole.parquet"), folder));
  const whole = performance.now() - begin;
  const moments: number[] = [];
  while (moments.length < 10) {
    const child = start(args("killed.parquet"), folder);
    const moment = Math.random() * whole;
    const timer = setTimeout(() => child.kill("SIGKILL"), moment);
    await once(child, "close");
    clearTimeout(timer);
    moments.push(Math.round(moment));
    // Where it was whole before its moment, it starts over.
    if (existsSync(join(folder, "killed.parquet")) && moments.length < 10) await rm(join(folder, "killed.parquet"));
  }
  await ended(start(args("killed.parquet"), folder));
  const [one, other] = await Promise.all(["whole.parquet", "killed.parquet"].map((name) => hashOf(join(folder, name))));
  return { lines, moments, same: one === other };
}

function start(args: readonly string[], cwd: string): ChildProcess {
  const child = spawn(process.execPath, [program, ...args], { cwd, stdio: ["pipe", "pipe", "pipe"] });
  child.stderr?.resume();
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  child.stdout?.resume();
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${child.spawnargs.slice(2).join(" ")} ended with ${code}`);
}

function residentBytesOf({ pid }: ChildProcess): number {
  try {
    return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0; // it has ended
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

export function showCommandLine({ machine, model, lines, starts, pipe, kills }: CommandLineResult): string {
  const milliseconds = (value: number): string => value.toFixed(0);
  const startRows = starts.map(({ command, time }) => [
    `bertkit ${command}`,
    ...[time.median, time.p10, time.p90].map(milliseconds),
  ]);
  const every = Math.max(1, Math.ceil(pipe.samples.length / 12));
  const memoryRows = pipe.samples
    .filter((_, i) => i % every === 0 || i === pipe.samples.length - 1)
    .map(({ seconds, lines: sent, residentBytes }) => [
      seconds.toFixed(0),
      sent.toLocaleString("en"),
      (residentBytes / 1e6).toFixed(0),
    ]);
  const rate = Math.round(lines / pipe.seconds).toLocaleString("en");
  return `${showMachine(machine)}
model     ${model}

${showTable([["start to end", "median ms", "p10", "p90"], ...startRows])}

${lines.toLocaleString("en")} lines from a pipe to Parquet in ${pipe.seconds.toFixed(1)} s, ${rate} a second; every line in its place: ${pipe.inOrder ? "yes" : "NO"}

${showTable([["seconds", "lines sent", "resident MB"], ...memoryRows])}

${kills.lines.toLocaleString("en")} lines to Parquet, killed -9 at ${kills.moments.join(", ")} ms and resumed: ${kills.same ? "the same file, to the byte" : "ANOTHER FILE"}`;
}
