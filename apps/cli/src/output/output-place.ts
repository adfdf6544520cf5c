import { constants, type Stats } from "node:fs";
import { access, readlink, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { codeOf, Failure, systemFailure, usageFailure } from "../failure.js";

/** Where an output goes: standard output, a device or pipe that is written to directly, or a file made beside its name. */
export type OutputPlace =
  | { readonly kind: "standard" }
  | { readonly kind: "direct"; readonly path: string }
  | FilePlace;

/** A file that is made beside its name, and gets that when it is complete. */
export interface FilePlace {
  readonly kind: "file";
  /** The name by which the person knows it. */
  readonly path: string;
  readonly files: RunFiles;
}

/** The files of a run, all in one folder, so that the last step is a rename. */
export interface RunFiles {
  /** What is there at the end. */
  readonly target: string;
  /** What was written so far. */
  readonly partial: string;
  /** What is needed to go on with it. */
  readonly journal: string;
  /** The final form, where that is made of the partial file at the end. */
  readonly final: string;
  /** Who is at work on it. */
  readonly lock: string;
}

/**
 * Finds out where the output goes, and whether that can be.
 * @throws {Failure} where it is a folder, or an input, or cannot be written.
 */
export async function outputPlaceOf(output: string, inputs: readonly string[]): Promise<OutputPlace> {
  if (output === "-") return { kind: "standard" };
  try {
    const target = await throughLinks(output);
    const status = await stat(target).catch(onlyAbsent);
    if (status?.isDirectory()) throw new Failure(`${output}: this is a folder`, { hint: "name the file to write" });
    if (status && !status.isFile()) return { kind: "direct", path: output };
    if (status) await refuseInputs(output, status, inputs);
    await checkFolder(output, dirname(target));
    if (status) await access(target, constants.W_OK);
    return { kind: "file", path: output, files: runFilesOf(target) };
  } catch (error) {
    throw error instanceof Failure ? error : systemFailure(output, error);
  }
}

/** The names of a run's files. They depend on the target alone, so that the next run finds them. */
export function runFilesOf(target: string): RunFiles {
  const partial = join(dirname(target), `.${basename(target)}.partial`);
  return { target, partial, journal: `${partial}.json`, final: `${partial}.final`, lock: `${partial}.lock` };
}

/** What the path's last link points to, whether it exists or not. */
async function throughLinks(path: string): Promise<string> {
  let target = path;
  for (let links = 0; links < 40; links++) {
    const next = await readlink(target).catch(() => undefined); // what is no link is where we want to be
    if (next === undefined) return target;
    target = resolve(dirname(target), next);
  }
  throw new Failure(`${path}: the links go round in a circle`, { hint: "name the file itself" });
}

async function refuseInputs(output: string, { dev, ino }: Stats, inputs: readonly string[]): Promise<void> {
  for (const input of inputs) {
    const other = await stat(input).catch(onlyAbsent);
    if (!other || other.dev !== dev || other.ino !== ino) continue;
    const same = input === output ? "this is the input too" : `this is the same file as the input ${input}`;
    throw usageFailure(`${output}: ${same}`, "write to another file");
  }
}

async function checkFolder(output: string, folder: string): Promise<void> {
  const status = await stat(folder).catch(onlyAbsent);
  if (!status) {
    throw new Failure(`${output}: there is no folder ${folder} to write it in`, { hint: `mkdir -p ${folder}` });
  }
  await access(folder, constants.W_OK | constants.X_OK);
}

function onlyAbsent(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}
