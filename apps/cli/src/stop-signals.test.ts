import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { collect, pump, until, useCommandLine } from "./fixtures/command-line.js";

const line = useCommandLine();

describe("ends that are no failures", () => {
  test("Ctrl-C ends with 130 and leaves the older file, and beside it what was done", async () => {
    await line.put("v.npy", "older");
    const child = line.start(["encode", "-", "--output", "v.npy"]);
    const result = collect(child);
    pump(child);
    await until(async () => (await sizeOf(".v.npy.partial")) > 0);
    child.kill("SIGINT");
    expect(await result).toMatchObject({ code: 130, err: expect.stringMatching(/--resume continues\n$/) });
    expect(await readFile(line.path("v.npy"), "utf8")).toBe("older");
    expect((await readdir(line.folder)).sort()).toEqual([".v.npy.partial", ".v.npy.partial.json", "v.npy"]);
  });

  test("Ctrl-C ends the wait for input, and where nothing was done nothing is left", async () => {
    const child = line.start(["encode", "-", "--output", "v.f32"]);
    const result = collect(child);
    await until(async () => (await readdir(line.folder)).length > 0);
    child.kill("SIGINT");
    expect(await result).toMatchObject({ code: 130, out: "", err: "" });
    expect(await readdir(line.folder)).toEqual([]);
  });

  test("a reader that leaves the pipe is no error", async () => {
    const child = line.start(["encode", "-"]);
    const result = collect(child);
    pump(child);
    await once(child.stdout as NonNullable<ChildProcess["stdout"]>, "data");
    child.stdout?.destroy();
    expect(await result).toMatchObject({ code: 0, err: "" });
  });

  test("reads no further ahead than the reader of its output allows", async () => {
    const child = line.start(["encode", "-"]);
    const taken = pump(child);
    await once(child.stdout as NonNullable<ChildProcess["stdout"]>, "readable");
    // Unbounded, it takes tens of megabytes a second; held back, what fits the pipes, buffers and a batch.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(taken()).toBeLessThan(2 ** 20);
    child.kill("SIGKILL");
    await once(child, "close");
  });
});

async function sizeOf(name: string): Promise<number> {
  return (await readFile(line.path(name)).catch(() => Buffer.alloc(0))).length;
}
