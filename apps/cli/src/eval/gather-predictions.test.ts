import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { EvalFlags } from "./eval-flags.js";
import { gatherPredictions, type PredictionJob } from "./gather-predictions.js";
import { planRun } from "./plan-run.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bertkit-gather-"));
});
afterEach(() => rm(folder, { recursive: true }));

class Stop extends Error {}

const items = Array.from({ length: 9 }, (_, i) => `item ${i}`);
const expected = items.map((item) => ({ prediction: item.toUpperCase() }));

interface Asked {
  readonly items?: readonly string[];
  /** Before the item of that number an error stops the run. */
  readonly stopBefore?: number;
  readonly model?: string;
  readonly flags?: Pick<EvalFlags, "resume" | "restart">;
}

/** Runs into predictions.json, and gives the predictions and which items the model was asked. */
async function run({ items: given = items, stopBefore, model = "tiny", flags = {} }: Asked = {}) {
  const asked: string[] = [];
  const job: PredictionJob<string, { prediction: string }> = {
    items: given,
    cellsOf: (item) => [item],
    async *predict(remaining, onProgress) {
      for await (const item of remaining) {
        if (Number(item.slice(5)) === stopBefore) throw new Stop();
        asked.push(item);
        onProgress({ tokens: asked.length, truncated: 0 });
        yield { prediction: item.toUpperCase() };
      }
    },
    fileText: (predictions) => JSON.stringify(predictions),
    identity: async () => ({ model }),
    limit: { tokens: 8, flag: "--max-length" },
  };
  const all = { data: "data", quiet: true, ...flags };
  const plan = await planRun(join(folder, "p.json"), all, []);
  return { predictions: await gatherPredictions(job, plan, all, new AbortController().signal), asked };
}

const stopped = (stopBefore: number) => expect(run({ stopBefore })).rejects.toThrow(Stop);
const fileText = () => readFile(join(folder, "p.json"), "utf8");

describe("gatherPredictions", () => {
  test("gives every prediction in order, and a file of them that appears at the end", async () => {
    expect(await run()).toEqual({ predictions: expected, asked: items });
    expect(JSON.parse(await fileText())).toEqual(expected);
    expect(await readdir(folder)).toEqual(["p.json"]);
  });

  test.each([1, 4, 8])(
    "stopped before item %i and resumed, it asks for the rest alone and gives the same",
    async (at) => {
      await run();
      const whole = await fileText();
      await rm(join(folder, "p.json"));
      await stopped(at);
      expect(await readdir(folder)).toEqual([".p.json.partial", ".p.json.partial.json"]);
      expect(await run({ flags: { resume: true } })).toEqual({ predictions: expected, asked: items.slice(at) });
      expect(await fileText()).toBe(whole);
      expect(await readdir(folder)).toEqual(["p.json"]);
    },
  );

  test("an unfinished run is neither gone on with nor thrown away unasked", async () => {
    await stopped(3);
    await expect(run()).rejects.toThrow("an unfinished run has left 3 rows");
    expect((await run({ flags: { restart: true } })).asked).toEqual(items);
  });

  test("is not gone on with by another model, or for other items", async () => {
    await stopped(3);
    const resume = { flags: { resume: true } } as const;
    await expect(run({ ...resume, model: "other" })).rejects.toThrow("something else (model: tiny → other)");
    await expect(run({ ...resume, items: ["other", ...items.slice(1)] })).rejects.toThrow(
      "does not begin with the 3 rows",
    );
    await expect(run({ ...resume, items: items.slice(0, 2) })).rejects.toThrow("the input ends after 2 rows");
    expect((await run(resume)).asked).toEqual(items.slice(3));
  });

  test("without a plan leaves no file", async () => {
    const all: EvalFlags = { data: "data", quiet: true };
    const job: PredictionJob<string, number> = {
      items,
      cellsOf: (item) => [item],
      async *predict(remaining) {
        for await (const item of remaining) yield item.length;
      },
      fileText: () => {
        throw new Error("nobody asked for a file");
      },
      identity: async () => ({}),
      limit: { tokens: 8, flag: "--max-length" },
    };
    const { signal } = new AbortController();
    expect(await gatherPredictions(job, await planRun(undefined, all, []), all, signal)).toEqual(items.map(() => 6));
    expect(await readdir(folder)).toEqual([]);
  });
});
