import type { CachedModel, VerifiedFile } from "bertkit";
import { Failure } from "../failure.js";
import type { CommonFlags } from "../flags.js";
import { printText } from "../output/print-text.js";
import { paint } from "../terminal/colors.js";
import { DownloadDisplay } from "../terminal/download-display.js";
import { bytes } from "../terminal/show-bytes.js";

/** The flags of the commands under `bertkit models`. */
export type ModelsFlags = CommonFlags;

/** Lists what has been fetched, by name. */
export async function listModels(flags: ModelsFlags, signal: AbortSignal): Promise<void> {
  const { hubSettings, listCachedModels } = await import("bertkit");
  const models = await listCachedModels();
  if (flags.json) return printText(json(models), signal);
  if (models.length > 0) return printText(table(models), signal);
  const { cacheFolder } = await hubSettings();
  await printText(`No models in ${cacheFolder}; "bertkit models download NAME" fetches one.\n`, signal);
}

/** Fetches models, or what is new of them. */
export async function downloadModels(names: readonly string[], flags: ModelsFlags, signal: AbortSignal): Promise<void> {
  const { downloadModel } = await import("bertkit");
  const fetched: unknown[] = [];
  for (const name of names) {
    await using download = new DownloadDisplay(flags);
    const model = await downloadModel(name, { ...download.options, signal });
    const { commit, folder } = model;
    fetched.push({ name: model.name, revision: model.revision, commit, folder });
    if (!flags.json) await printText(`${model.name} ${paint("dim", commit.slice(0, 8))} ${folder}\n`, signal);
  }
  if (flags.json) await printText(json(fetched), signal);
}

/** Deletes models, or single revisions, from the cache. */
export async function removeModels(names: readonly string[], flags: ModelsFlags, signal: AbortSignal): Promise<void> {
  const { removeCachedModel } = await import("bertkit");
  const removed: unknown[] = [];
  for (const name of names) {
    const result = await removeCachedModel(name);
    removed.push(result);
    if (!flags.json) await printText(`${name} removed, ${bytes(result.bytes)} free\n`, signal);
  }
  if (flags.json) await printText(json(removed), signal);
}

/** Reads every file again and compares it with its hash; what is wrong makes the exit code 1. */
export async function verifyModels(names: readonly string[], flags: ModelsFlags, signal: AbortSignal): Promise<void> {
  const { listCachedModels, verifyCachedModel } = await import("bertkit");
  const all = names.length > 0 ? names : (await listCachedModels()).map(({ name }) => name);
  const results: { name: string; files: VerifiedFile[] }[] = [];
  for (const name of all) {
    signal.throwIfAborted();
    const files = await verifyCachedModel(name);
    results.push({ name, files });
    if (!flags.json) await printText(verdict(name, files), signal);
  }
  if (flags.json) await printText(json(results), signal);
  const isWrong = results.some(({ files }) => files.some(({ state }) => state === "wrong" || state === "missing"));
  if (isWrong) throw new Failure(""); // all is said
}

function table(models: readonly CachedModel[]): string {
  const rows = models.flatMap(({ name, commits }) =>
    commits.map(({ commit, revisions, files, bytes: size }) => [
      revisions.length > 0 && !revisions.includes("main") ? `${name}@${revisions[0]}` : name,
      commit.slice(0, 8),
      bytes(size),
      files === 1 ? "1 file" : `${files} files`,
    ]),
  );
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const total = models.reduce((sum, model) => sum + model.bytes, 0);
  const lines = rows.map(([name, commit, size, files]) => {
    const shown = paint("dim", commit!.padEnd(widths[1]!));
    return `${name!.padEnd(widths[0]!)}  ${shown}  ${size!.padStart(widths[2]!)}  ${files}`;
  });
  return `${lines.join("\n")}\n${paint("dim", `${bytes(total)} in all`)}\n`;
}

function verdict(name: string, files: readonly VerifiedFile[]): string {
  const bad = files.filter(({ state }) => state !== "ok");
  const lines = bad.map(({ path, state }) => `  ${path}: ${meanings[state]}`);
  const sound = files.length - bad.length;
  const count = `${sound} of ${files.length} files are as they should be`;
  const mark = bad.some(({ state }) => state !== "unknown") ? paint("red", "✗") : paint("green", "✓");
  return [`${mark} ${name}: ${count}`, ...lines, ""].join("\n");
}

const meanings = {
  ok: "as it should be",
  wrong: "damaged; the next use fetches it again",
  missing: "its bytes are gone; the next use fetches it again",
  unknown: "nothing says what it should be",
} as const;

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
