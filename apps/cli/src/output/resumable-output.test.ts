import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { everyMark, runOutput, stopOutput } from "../fixtures/vector-runs.js";
import { elementTypes } from "./output-form.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bertkit-output-"));
});
afterEach(() => rm(folder, { recursive: true }));

const forms = ["jsonl", "csv", "tsv", "parquet", "npy", "bin", "jsonl.gz", "csv.gz", "tsv.zst", "bin.zst"];
const rows = 12;
const at = (...names: string[]) => join(folder, ...names);

describe("an interrupted output", () => {
  test.each(forms.flatMap((form) => elementTypes.map((type) => [form, type] as const)))(
    "in %s of %s equals an undisturbed one to the byte, wherever it was stopped",
    async (form, outputType) => {
      await runOutput(at(`whole.${form}`), { outputType });
      const whole = await readFile(at(`whole.${form}`));
      for (let stop = 0; stop <= rows; stop++) {
        const output = at(`${stop}.${form}`);
        if (stop < rows) await stopOutput(output, stop, { outputType });
        const { tally } = await runOutput(output, { outputType, resume: true });
        expect(tally).toEqual({ tokens: 3 * rows, truncated: 0 });
        if (!whole.equals(await readFile(output))) throw new Error(`stopped before row ${stop} it became another file`);
      }
      expect((await readdir(folder)).filter((name) => name.startsWith("."))).toEqual([]);
    },
  );

  test.each(forms)("in %s can be stopped again and again", async (form) => {
    await runOutput(at(`whole.${form}`));
    for (let stop = 1; stop < rows; stop++) await stopOutput(at(`v.${form}`), stop, { resume: true });
    await runOutput(at(`v.${form}`), { resume: true });
    expect(await readFile(at(`v.${form}`))).toEqual(await readFile(at(`whole.${form}`)));
  });

  // What a kill leaves behind are the files as they are at that moment.
  test.each([...forms.map((form) => [form, "float32"] as const), ["parquet", "int8"], ["npy", "uint8"]] as const)(
    "in %s of %s goes on from the files of any moment",
    async (form, outputType) => {
      const output = at("run", `v.${form}`);
      await mkdir(at("run"));
      const beforeRow = (row: number) => cp(at("run"), at(`moment-${row}`), { recursive: true });
      await runOutput(output, { outputType, limits: everyMark, beforeRow });
      const whole = await readFile(output);
      let resumed = 0;
      for (let row = 0; row < rows; row++) {
        const left = at(`moment-${row}`, `v.${form}`);
        const { resumedRows } = await runOutput(left, { outputType, resume: true });
        resumed += resumedRows;
        expect(await readFile(left)).toEqual(whole);
        expect(await readdir(at(`moment-${row}`))).toEqual([`v.${form}`]);
      }
      expect(resumed).toBeGreaterThan(0);
    },
  );

  test("that was killed with its last bytes written, but no name yet, is completed", async () => {
    for (const form of ["npy", "parquet", "jsonl.gz"]) {
      await runOutput(at(`whole.${form}`));
      await stopOutput(at(`v.${form}`), 9);
      const partial = at(`.v.${form}.partial`);
      const left = await readFile(partial);
      const header = form === "npy" ? left.subarray(0, 128).fill(7) : left.subarray(0, 0);
      await writeFile(partial, Buffer.concat([header, left.subarray(header.length), Buffer.from("footer")]));
      const { resumedRows } = await runOutput(at(`v.${form}`), { resume: true });
      expect(resumedRows).toBeGreaterThan(0);
      expect(await readFile(at(`v.${form}`))).toEqual(await readFile(at(`whole.${form}`)));
    }
  });

  test("that was killed after it had got its name begins anew", async () => {
    await runOutput(at("v.jsonl"));
    const whole = await readFile(at("v.jsonl"));
    for (const rest of ["json", "json.new", "final"]) await writeFile(at(`.v.jsonl.partial.${rest}`), "what is left");
    const { resumedRows } = await runOutput(at("v.jsonl"));
    expect(resumedRows).toBe(0);
    expect(await readFile(at("v.jsonl"))).toEqual(whole);
    expect(await readdir(folder)).toEqual(["v.jsonl"]);
  });

  test("that nothing was done of leaves nothing, and to resume it is to begin", async () => {
    await stopOutput(at("v.csv"), 0);
    await stopOutput(at("v.parquet"), 1);
    expect(await readdir(folder)).toEqual([]);
    expect((await runOutput(at("v.csv"), { resume: true })).resumedRows).toBe(0);
  });

  test("asks for what it depends on once, and not at all in a short run", async () => {
    let asked = 0;
    const identity = {
      get model() {
        asked++;
        return "tiny";
      },
    };
    await runOutput(at("v.jsonl"), { identity });
    expect(asked).toBe(0);
    await stopOutput(at("w.jsonl"), 5, { identity, limits: everyMark });
    expect(asked).toBe(1);
  });

  test("is written down and kept when its signal is aborted", async () => {
    const stop = new AbortController();
    const beforeRow = async (row: number) => {
      if (row === 7) stop.abort(new Error("stop"));
    };
    await expect(runOutput(at("v.npy"), { beforeRow, signal: stop.signal })).rejects.toThrow("stop");
    expect((await runOutput(at("v.npy"), { resume: true })).resumedRows).toBe(7);
  });

  test("takes the place of an older file when it is complete, not before", async () => {
    await writeFile(at("v.jsonl"), "old");
    await stopOutput(at("v.jsonl"), 5);
    expect(await readFile(at("v.jsonl"), "utf8")).toBe("old");
    await runOutput(at("v.jsonl"), { restart: true });
    expect(await readFile(at("v.jsonl"), "utf8")).not.toBe("old");
  });
});
