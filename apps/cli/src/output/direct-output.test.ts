import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { runOutput, Stop } from "../fixtures/vector-runs.js";
import type { OutputFormFlags } from "./output-form.js";

let folder: string;
let pipe: string;
const temporary = process.env.TMPDIR;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bertkit-output-"));
  pipe = join(folder, "pipe");
  await mkdir(join(folder, "tmp"));
  process.env.TMPDIR = join(folder, "tmp");
  execFileSync("mkfifo", [pipe]);
});
afterEach(async () => {
  if (temporary === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = temporary;
  await rm(folder, { recursive: true });
});

const onPosix = process.platform === "win32" ? describe.skip : describe;

onPosix("a pipe", () => {
  test.each<OutputFormFlags>([
    { outputFormat: "jsonl" },
    { outputFormat: "parquet", outputType: "float16" },
    { outputFormat: "raw", outputType: "int8" },
    { outputFormat: "csv", outputType: "uint8" },
  ])("gets the bytes of a file of %j, and nothing is left elsewhere", async (flags) => {
    const read = readFile(pipe);
    await runOutput(pipe, flags);
    await runOutput(join(folder, "file"), flags);
    expect(await read).toEqual(await readFile(join(folder, "file")));
    expect((await readdir(folder)).sort()).toEqual(["file", "pipe", "tmp"]);
    expect(await readdir(join(folder, "tmp"))).toEqual([]);
  });

  test("keeps no spool of a run that was stopped", async () => {
    const read = readFile(pipe);
    const run = runOutput(pipe, { outputFormat: "raw", outputType: "int8", stopBefore: 5 });
    await expect(run).rejects.toThrow(Stop);
    expect((await read).length).toBe(0);
    expect(await readdir(join(folder, "tmp"))).toEqual([]);
  });
});
