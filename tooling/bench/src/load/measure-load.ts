import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inChild } from "../in-child.js";
import { describeMachine, type Machine } from "../machine.js";
import type { BenchOptions } from "../options.js";
import { median } from "../statistics.js";
import { bertBaseConfig, bertBaseVocabulary, writeBertBase, writeGoogleBertBase } from "./bert-base.js";
import type { LoadInput, OpenResult, WholeResult } from "./load-child.js";
import { type FolderServer, serveFolder } from "./serve-folder.js";

export interface LoadBenchResult {
  readonly program: "load";
  readonly machine: Machine;
  readonly rounds: number;
  readonly weightBytes: number;
  /** Resident memory of a Node that does nothing, in bytes. */
  readonly emptyBytes: number;
  readonly rows: readonly LoadRow[];
}

/** Medians of the rounds, times in milliseconds. */
export interface LoadRow extends OpenResult, WholeResult {
  readonly container: Container;
  readonly from: "disk" | "web";
}

export type Container = "safetensors" | "PyTorch" | "TensorFlow" | "NumPy";

/**
 * Random weights of BERT-base in every container, from disk and from a server on this machine, opened and loaded in
 * processes of their own. PyTorch's and NumPy's are written by a Python that has torch, and left out without one.
 */
export async function measureLoad(options: BenchOptions): Promise<LoadBenchResult> {
  const machine = describeMachine();
  const rounds = options.rounds ?? 3;
  const parent = await mkdtemp(join(tmpdir(), "bench-load-"));
  let server: FolderServer | undefined;
  try {
    const containers = await writeModels(parent, options.python);
    server = await serveFolder(parent);
    const rows: LoadRow[] = [];
    for (const container of containers) {
      for (const [from, place] of [
        ["disk", parent],
        ["web", server.address],
      ] as const) {
        console.error(`${container}, ${from}`); // the result goes to standard output, and is long in coming
        rows.push({ container, from, ...(await measure(`${place}/${container}`, rounds)) });
      }
    }
    const empties = [1, 2, 3].map(() => inChild<number>("memory/empty.js", {}));
    const { size: weightBytes } = await stat(join(parent, "safetensors", "model.safetensors"));
    return { program: "load", machine, rounds, weightBytes, emptyBytes: median(await Promise.all(empties)), rows };
  } finally {
    await server?.close();
    await rm(parent, { recursive: true });
  }
}

/** A folder for each container; those that were written. */
async function writeModels(parent: string, python: string): Promise<Container[]> {
  for (const container of ["safetensors", "PyTorch", "TensorFlow", "NumPy"]) {
    const folder = join(parent, container);
    await mkdir(folder);
    await writeFile(join(folder, "config.json"), JSON.stringify(bertBaseConfig));
    await writeFile(join(folder, "vocab.txt"), bertBaseVocabulary);
  }
  await writeBertBase(join(parent, "safetensors"));
  await writeGoogleBertBase(join(parent, "TensorFlow"));
  const script = fileURLToPath(new URL("../../python/write_weights.py", import.meta.url));
  try {
    execFileSync(python, [script, parent], { stdio: ["ignore", "inherit", "inherit"] });
  } catch {
    console.error(`${python} has no torch: PyTorch's and NumPy's files are left out`);
    return ["safetensors", "TensorFlow"];
  }
  return ["safetensors", "PyTorch", "TensorFlow", "NumPy"];
}

async function measure(model: string, rounds: number): Promise<OpenResult & WholeResult> {
  const input: LoadInput = { model };
  const samples: (OpenResult & WholeResult)[] = [];
  for (let round = 0; round < rounds; round++) {
    const opening = await inChild<OpenResult>("load/open.js", input);
    samples.push({ ...opening, ...(await inChild<WholeResult>("load/whole.js", input)) });
  }
  const medianOf = (field: keyof OpenResult | keyof WholeResult) => median(samples.map((sample) => sample[field]));
  return {
    ...{ opened: medianOf("opened"), firstTensor: medianOf("firstTensor") },
    ...{ loaded: medianOf("loaded"), residentPeak: medianOf("residentPeak") },
  };
}
