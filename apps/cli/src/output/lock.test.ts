import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { takeLock } from "./lock.js";

let folder: string;
let path: string;
let other: ChildProcess;
beforeAll(() => {
  other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
});
afterAll(async () => {
  other.kill("SIGKILL");
  await once(other, "exit");
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bertkit-lock-"));
  path = join(folder, "lock");
});
afterEach(() => rm(folder, { recursive: true }));

const writtenBy = (holder: object) => writeFile(path, JSON.stringify(holder));
const host = hostname();

describe("a lock", () => {
  test("says who has it, and is gone when it is given back", async () => {
    const lock = await takeLock(path, "v.npy");
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ pid: process.pid, host });
    lock[Symbol.dispose]();
    expect(await readdir(folder)).toEqual([]);
  });

  test("is not taken from a process that is alive, here or on a machine that cannot be asked", async () => {
    await writtenBy({ pid: other.pid, host });
    await expect(takeLock(path, "v.npy")).rejects.toThrow(`v.npy: another process, ${other.pid}, is writing it`);
    await writtenBy({ pid: 1, host: "elsewhere" });
    await expect(takeLock(path, "v.npy")).rejects.toThrow("another process, 1 on elsewhere, is writing it");
    expect(await readdir(folder)).toEqual(["lock"]);
  });

  test("is taken from a process that is gone, or whose number another one has now", async () => {
    const gone = spawn(process.execPath, ["-e", ""]);
    await once(gone, "exit");
    const holders = [
      { pid: gone.pid, host },
      { pid: process.pid, host },
    ];
    if (process.platform === "linux") holders.push({ pid: other.pid, host, ...{ started: "0" } });
    for (const holder of holders) {
      await writtenBy(holder);
      const lock = await takeLock(path, "v.npy");
      expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ pid: process.pid });
      lock[Symbol.dispose]();
    }
    expect(await readdir(folder)).toEqual([]);
  });

  test("that says nothing, as after a crash, is taken whatever it is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 40 }), async (bytes) => {
        await writeFile(path, bytes);
        (await takeLock(path, "v.npy"))[Symbol.dispose]();
        expect(await readdir(folder)).toEqual([]);
      }),
      { numRuns: 30 },
    );
    await writeFile(path, "");
    (await takeLock(path, "v.npy"))[Symbol.dispose]();
  });

  test("takes along what a process left that was killed while it moved one away, and nobody else's", async () => {
    const gone = spawn(process.execPath, ["-e", ""]);
    await once(gone, "exit");
    const names = [`lock.${gone.pid}`, `lock.${other.pid}`, "lock.json", "other"];
    for (const name of names) await writeFile(join(folder, name), "");
    (await takeLock(path, "v.npy"))[Symbol.dispose]();
    expect((await readdir(folder)).sort()).toEqual(names.slice(1).sort());
  });

  test("is had by one of many who want it at once", async () => {
    await writtenBy({ pid: other.pid, host, started: "0" });
    const program = `
      const { takeLock } = await import(process.argv[1]);
      const word = await takeLock(process.argv[2], "v.npy").then(() => "mine", () => "another's");
      process.stdout.write(word);
      process.stdin.on("end", () => process.exit()).resume();
    `;
    const module = new URL("../../dist/output/lock.js", import.meta.url).href;
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ["--input-type=module", "-e", program, module, path]),
    );
    const words = await Promise.all(children.map(async ({ stdout }) => String((await once(stdout, "data"))[0])));
    for (const child of children) child.stdin.end();
    await Promise.all(children.map((child) => once(child, "exit")));
    expect(words.sort()).toEqual(["another's", "another's", "another's", "mine"]);
  });
});
