import { spawn } from "node:child_process";
import { once } from "node:events";
import { link, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { exitCodes, Failure } from "../failure.js";
import { runOutput, stopOutput } from "../fixtures/vector-runs.js";
import { type Journal, journalText, readJournal } from "./journal.js";
import { planVectorOutput, type VectorOutputFlags } from "./open-vector-output.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bertkit-output-"));
});
afterEach(() => rm(folder, { recursive: true }));
const at = (...names: string[]) => join(folder, ...names);

/** The failure that something ends with, as people read it. */
async function failureOf(work: Promise<unknown>): Promise<{ message: string; hint: string; exitCode: number }> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) throw new Error(`wanted a failure, got ${String(error)}`);
  const message = error.message.replaceAll(`${folder}/`, "");
  return { message, hint: (error.hint ?? "").replaceAll(`${folder}/`, ""), exitCode: error.exitCode };
}

const plan = (flags: VectorOutputFlags, { inputs = [] as string[], keeps = false } = {}) =>
  planVectorOutput(flags, { inputs, keeps });

describe("an output is refused before anything slow", () => {
  test("where it cannot be", async () => {
    await writeFile(at("file.txt"), "");
    await mkdir(at("folder.npy"));
    const none = await failureOf(plan({ output: at("none", "v.npy") }));
    expect(none.message).toContain("v.npy: there is no folder");
    expect(none.hint).toMatch(/^mkdir -p .*none$/);
    expect((await failureOf(plan({ output: at("folder.npy") }))).message).toBe("folder.npy: this is a folder");
    expect((await failureOf(plan({ output: at("file.txt", "v.npy") }))).message).toContain("is a file, not a folder");
    expect((await failureOf(plan({ output: at(`${"long".repeat(80)}.npy`) }))).message).toContain("name is too long");
  });

  test("where it is an input, by whatever name", async () => {
    await writeFile(at("a.jsonl"), "{}");
    await link(at("a.jsonl"), at("b.jsonl"));
    await symlink("a.jsonl", at("c.jsonl"));
    for (const name of ["a.jsonl", "b.jsonl", "c.jsonl"]) {
      const { message, exitCode } = await failureOf(plan({ output: at(name) }, { inputs: [at("a.jsonl")] }));
      expect(message).toMatch(/: this is (the input too|the same file as the input a\.jsonl)$/);
      expect(exitCode).toBe(exitCodes.usage);
    }
    await plan({ output: at("d.jsonl") }, { inputs: [at("a.jsonl")] });
  });

  test.each<[string, VectorOutputFlags, boolean, RegExp]>([
    ["kept columns have no place in npy", { output: "v.npy" }, true, /npy has no place for kept columns/],
    ["kept columns have no place in raw numbers", { output: "v.f16" }, true, /raw has no place for kept columns/],
    ["npy goes to a pipe", { outputFormat: "npy" }, false, /npy cannot go to standard output, since .* known last/],
    ["standard output is to be resumed", { resume: true }, false, /standard output cannot be resumed/],
    [
      "it is to be resumed and restarted",
      { output: "v.npy", resume: true, restart: true },
      false,
      /exclude each other/,
    ],
  ])("where %s", async (_, flags, keeps, sentence) => {
    const { message, hint, exitCode } = await failureOf(plan(flags, { keeps }));
    expect(message).toMatch(sentence);
    expect(exitCode).toBe(exitCodes.usage);
    expect(hint).not.toBe("");
  });

  test("where an unfinished run is there and no flag says what to do with it", async () => {
    await stopOutput(at("v.npy"), 7);
    const { message, hint } = await failureOf(plan({ output: at("v.npy") }));
    expect(message).toBe("v.npy: an unfinished run has left 7 rows");
    expect(hint).toMatch(/--resume.*--restart/);
    await plan({ output: at("v.npy"), resume: true });
    await runOutput(at("v.npy"), { restart: true });
    expect(await readdir(folder)).toEqual(["v.npy"]);
  });

  test("where another process is at work on it", async () => {
    const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    try {
      await writeFile(at(".v.npy.partial.lock"), JSON.stringify({ pid: other.pid, host: hostname() }));
      const { message, hint } = await failureOf(plan({ output: at("v.npy"), resume: true }));
      expect(message).toBe(`v.npy: another process, ${other.pid}, is writing it`);
      expect(hint).toContain("remove .v.npy.partial.lock");
    } finally {
      other.kill("SIGKILL");
      await once(other, "exit");
    }
    await runOutput(at("v.npy"));
    expect(await readdir(folder)).toEqual(["v.npy"]);
  });
});

describe("two columns of one name", () => {
  test.each([
    [["text"], "a kept column is named text"],
    [["vector"], "a kept column is named vector"],
    [["a", "b", "a"], "two kept columns are named a"],
  ])("%j are refused", async (names, sentence) => {
    const { open } = await plan({ output: at("v.csv") }, { keeps: true });
    const columns = names.map((name) => ({ name, type: "string" as const }));
    const job = { columns, width: 2, identity: async () => ({}) };
    expect((await failureOf(open(job, new AbortController().signal))).message).toContain(sentence);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("a resumed output is refused", () => {
  test("where what it depends on has changed, all of it listed", async () => {
    await stopOutput(at("v.jsonl"), 5, { identity: { model: "a", pooling: "mean", device: "wasm" } });
    const identity = { model: "b", pooling: "mean", prompt: "query: " };
    const { message, hint } = await failureOf(
      runOutput(at("v.jsonl"), { resume: true, identity, outputType: "float16" }),
    );
    expect(message).toContain(
      "(output: float32 jsonl → float16 jsonl; model: a → b; device: wasm → none; prompt: none →",
    );
    expect(hint).toContain("--restart");
  });

  test("where the rows that are done have changed, or are not all there", async () => {
    await stopOutput(at("v.parquet"), 11);
    const changed = { row: 2, text: "another" };
    const other = await failureOf(runOutput(at("v.parquet"), { resume: true, changed }));
    expect(other.message).toMatch(/^v\.parquet: the input does not begin with the \d+ rows that/);
    const shorter = await failureOf(runOutput(at("v.parquet"), { resume: true, rows: 3 }));
    expect(shorter.message).toMatch(
      /^v\.parquet: the input ends after 3 rows, and the unfinished run has done \d+ rows$/,
    );
    expect((await runOutput(at("v.parquet"), { resume: true })).resumedRows).toBeGreaterThan(3);
  });

  test("where its bytes are no longer those that were written, or not all there", async () => {
    await stopOutput(at("v.npy"), 7);
    const left = await readFile(at(".v.npy.partial"));
    for (const damaged of [left.subarray(0, -1), Buffer.from(left).fill(1, 200, 201)]) {
      await writeFile(at(".v.npy.partial"), damaged);
      const { message, hint } = await failureOf(runOutput(at("v.npy"), { resume: true }));
      expect(message).toContain("what the unfinished run has left is damaged");
      expect(hint).toContain("--restart");
    }
  });

  test("where its journal is any other bytes than were written", async () => {
    await stopOutput(at("v.csv"), 7);
    const journal = await readFile(at(".v.csv.partial.json"));
    const damage = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.nat(journal.length - 1).map((length) => journal.subarray(0, length)),
      fc
        .tuple(fc.nat(journal.length - 1), fc.integer({ min: 1, max: 255 }))
        .map(([place, bits]) => journal.map((byte, i) => (i === place ? byte ^ bits : byte))),
    );
    await fc.assert(
      fc.asyncProperty(damage, async (bytes) => {
        await writeFile(at(".v.csv.partial.json"), bytes);
        const { message } = await failureOf(runOutput(at("v.csv"), { resume: true }));
        expect(message).toContain("damaged");
      }),
      { numRuns: 60 },
    );
    expect(await readdir(folder)).toEqual([".v.csv.partial", ".v.csv.partial.json"]);
  });

  test.each(["jsonl", "parquet", "csv.gz"])("in %s, or its result is right, where its journal lies", async (form) => {
    await runOutput(at(`whole.${form}`));
    const whole = await readFile(at(`whole.${form}`));
    await stopOutput(at(`v.${form}`), 9);
    const journal = (await readJournal(at(`.v.${form}.partial.json`))) as Journal;
    const partial = await readFile(at(`.v.${form}.partial`));
    const count = fc.oneof(fc.nat(30), fc.integer({ min: -2 }), fc.maxSafeNat());
    const lie = fc.record(
      { rows: count, bytes: count, rowDigest: fc.string(), byteDigest: fc.string(), state: fc.jsonValue() },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(lie, async (lies) => {
        await writeFile(at(`.v.${form}.partial.json`), journalText({ ...journal, ...lies }));
        await writeFile(at(`.v.${form}.partial`), partial);
        const result = await runOutput(at(`v.${form}`), { resume: true }).catch((error: unknown) => error);
        if (!(result instanceof Failure)) expect(await readFile(at(`v.${form}`))).toEqual(whole);
        await rm(at(`v.${form}`), { force: true });
      }),
      { numRuns: 60, examples: [[{ rows: 0 }], [{ bytes: 0 }], [{ rows: 0, bytes: 0 }], [{ rows: 8 }]] },
    );
  });
});

describe("a link", () => {
  test("stays one, and what it points to is written, whether it was there or not", async () => {
    await mkdir(at("data"));
    await writeFile(at("data", "old.npy"), "old");
    for (const name of ["old.npy", "new.npy"]) {
      await symlink(join("data", name), at(name));
      await runOutput(at(name));
      expect(await readlink(at(name))).toBe(join("data", name));
      expect((await readFile(at("data", name))).length).toBeGreaterThan(128);
    }
    expect((await readdir(folder)).sort()).toEqual(["data", "new.npy", "old.npy"]);
    expect((await readdir(at("data"))).sort()).toEqual(["new.npy", "old.npy"]);
  });
});

describe("a process that is killed", () => {
  // The built command line's own module, in a process that can be killed.
  const program = `
    import { setTimeout } from "node:timers/promises";
    const [module, output] = process.argv.slice(1);
    const { planVectorOutput } = await import(module);
    const limits = { blockBytes: 400, groupBytes: 400, groupRows: { min: 1, max: 100 }, checkpointEvery: 5 };
    const plan = await planVectorOutput({ output, resume: true, quiet: true }, { inputs: [], keeps: false }, limits);
    const job = { columns: [], width: 5, identity: async () => ({}) };
    const vectors = await plan.open(job, new AbortController().signal);
    async function* rows() {
      for (let i = 0; i < 600; i++) yield { text: "text " + i, cells: [], position: i, place: String(i) };
    }
    for await (const row of vectors.remaining(rows())) {
      await vectors.write(row, new Float32Array(5).fill(row.position / 7));
      if (row.position % 5 === 0) await setTimeout(1);
    }
    await vectors.complete();
    await vectors[Symbol.asyncDispose]();
    process.stdout.write(String(vectors.resumedRows));
  `;
  const module = new URL("../../dist/output/open-vector-output.js", import.meta.url).href;

  /** How many rows the run has found done, or undefined where it was killed. */
  async function runProgram(output: string, killAfter?: number): Promise<number | undefined> {
    const child = spawn(process.execPath, ["--input-type=module", "-e", program, module, output]);
    let out = "";
    child.stdout.on("data", (chunk) => {
      out += String(chunk);
    });
    const kill = killAfter === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfter);
    const [code] = await once(child, "close");
    clearTimeout(kill);
    return code === 0 ? Number(out) : undefined;
  }

  test.each(["jsonl", "npy", "parquet", "tsv.gz"])(
    "leaves of %s what later ones complete to the same bytes",
    async (form) => {
      expect(await runProgram(at(`whole.${form}`))).toBe(0);
      let resumed: number | undefined;
      for (let kill = 0; resumed === undefined; kill++) {
        const killAfter = kill < 5 ? 60 + 90 * Math.random() : undefined;
        resumed = await runProgram(at(`v.${form}`), killAfter);
      }
      expect(await readFile(at(`v.${form}`))).toEqual(await readFile(at(`whole.${form}`)));
      expect((await readdir(folder)).sort()).toEqual([`v.${form}`, `whole.${form}`]);
    },
  );
});
