import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCheckpoint } from "@bertkit/checkpoint";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { InspectedText } from "./inspection-arrays.js";
import { writeInspections } from "./write-inspections.js";

const inspected: InspectedText = {
  text: "é",
  tokens: ["é"],
  ranges: new Int32Array([0, 1]),
  sequenceIds: new Int32Array([0]),
  attention: [new Float32Array([1, 1])],
  hidden: [new Float32Array([1, 2, 3])],
};

describe("inspections as a safetensors file", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bertkit-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("are read back by their names, with the tokens", async () => {
    await writeInspections(join(folder, "states.safetensors"), [inspected]);
    await using source = await openCheckpoint(join(folder, "states.safetensors"));
    expect([...source.entries.keys()].sort()).toEqual(
      ["attention.0", "hidden.0", "ranges", "sequenceIds"].map((name) => `text.0.${name}`),
    );
    expect(await source.read("text.0.hidden.0")).toEqual(inspected.hidden[0]);
    expect(JSON.parse(source.metadata.get("texts")!)).toEqual([{ text: "é", tokens: ["é"] }]);
  });

  test("go to whatever takes bytes", async () => {
    const pieces: Uint8Array[] = [];
    await writeInspections({ write: (bytes) => void pieces.push(bytes.slice()) }, [inspected]);
    await using source = await openCheckpoint(new Blob(pieces as Uint8Array<ArrayBuffer>[]));
    expect(await source.read("text.0.attention.0")).toEqual(inspected.attention[0]);
  });

  test("leave nothing behind where they are stopped or do not fit", async () => {
    const path = join(folder, "states.safetensors");
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(writeInspections(path, [inspected], { signal })).rejects.toThrow("enough");
    const wrong = { ...inspected, ranges: new Int32Array(1) };
    await expect(writeInspections(path, [wrong])).rejects.toThrow("text 0 has 1 tokens and 1 numbers for their ranges");
    expect(await readdir(folder)).toEqual([]);
  });
});
