import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCheckpoint, writeTensorFlow } from "@bertkit/checkpoint";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { describeInChromium } from "./chromium.js";
import { openSite, type Site, type Visit } from "./site.js";

describeInChromium("a checkpoint chosen as files in a page", () => {
  let folder = "";
  let site: Site;
  let visit: Visit;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "chosen-files-"));
    site = await openSite(folder);
  }, 60_000);
  beforeEach(async () => {
    visit = await site.visit();
  });
  afterEach(async () => {
    await visit.leave();
    expect(visit.errors).toEqual([]);
  });
  afterAll(async () => {
    await site.close();
    await rm(folder, { recursive: true });
  });

  /** An array in the page, which must be the one that Node reads; how many bytes it and opening took. */
  async function readBoth(paths: readonly string[], name: string): Promise<{ opened: number; read: number }> {
    await using source = await openCheckpoint(paths[0]!);
    const { names, values, opened, read } = await visit.readChosen(paths, name);
    expect(names).toEqual([...source.entries.keys()]);
    expect(values).toEqual(Array.from(await source.read(name)));
    return { opened, read };
  }

  test("gives one array of a TensorFlow checkpoint by reading its bytes alone", async () => {
    const large = { name: "large", shape: [1000, 100], dtype: "float32", values: new Float32Array(100_000) } as const;
    const small = { name: "small", shape: [3], dtype: "float32", values: Float32Array.of(1, -2, 0.5) } as const;
    await writeTensorFlow(join(folder, "bert_model.ckpt"), [large, small]);
    const paths = ["index", "data-00000-of-00001"].map((ending) => join(folder, `bert_model.ckpt.${ending}`));
    const { opened, read } = await readBoth(paths, "small");
    expect(opened).toBeLessThan(10_000);
    expect(read).toBe(12);
  });

  describeWithData("checkpoints/tf-checkpoint-tiny", "of others", () => {
    test("a release of Google", async () => {
      const paths = ["index", "data-00000-of-00001", "meta"].map((ending) =>
        dataPath("checkpoints/tf-checkpoint-tiny", `bert_model.ckpt.${ending}`),
      );
      const { read } = await readBoth(paths, "bert/embeddings/LayerNorm/beta");
      await using source = await openCheckpoint(paths[0]!);
      expect(read).toBe(4 * source.entries.get("bert/embeddings/LayerNorm/beta")!.shape[0]!);
    });
  });

  describeWithData("checkpoints/pytorch-bin-tiny", "of PyTorch", () => {
    test("reads as in Node, one array by its bytes and a few of the archive around it", async () => {
      const path = dataPath("checkpoints/pytorch-bin-tiny/pytorch_model.bin");
      await using source = await openCheckpoint(path);
      const name = [...source.entries.keys()].find((key) => key.endsWith("word_embeddings.weight"))!;
      const { read } = await readBoth([path], name);
      const bytes = source.entries.get(name)!.shape.reduce((product, extent) => product * extent, 4);
      expect(read).toBeGreaterThanOrEqual(bytes);
      expect(read).toBeLessThan(bytes + 100);
    });
  });
});
