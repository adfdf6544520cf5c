import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCheckpoint } from "@bertkit/checkpoint";
import { dataPath, describeWithData, spearman } from "@bertkit-tooling/test-data";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { inspectModel } from "./inspect-model.js";
import { loadSentenceEncoder } from "./load-sentence-encoder.js";
import { quantizeModel } from "./quantize-model.js";

const width = 384;

const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
    Array.from(x).reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

describeWithData("checkpoints/all-MiniLM-L6-v2", "all-MiniLM-L6-v2 in int8", () => {
  const model = dataPath("checkpoints/all-MiniLM-L6-v2");
  let parent: string;
  let folder: string;
  let texts: string[];
  let exact: ArrayLike<number>;

  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), "int8-golden-"));
    folder = join(parent, "minilm-int8");
    await quantizeModel(model, folder);
    ({ texts } = JSON.parse(await readFile(dataPath("goldens/minilm/texts.json"), "utf8")));
    await using embeddings = await openCheckpoint(dataPath("goldens/minilm/embeddings.safetensors"));
    exact = await embeddings.read("embeddings_f64");
  }, 300_000);
  afterAll(() => rm(parent, { recursive: true }));

  /** With PyTorch's vectors in float64, the worst first. */
  const cosinesOf = (vectors: readonly Float32Array[]): number[] => {
    const exactVector = (i: number) => Float64Array.from({ length: width }, (_, j) => exact[i * width + j]!);
    return vectors.map((vector, i) => cosine(vector, exactVector(i))).sort((a, b) => a - b);
  };

  test("points where PyTorch's vectors point: cosine 0.995 in the median, 0.98 at the worst", async () => {
    using encoder = await loadSentenceEncoder(model, { precision: "int8" });
    const vectors = await encoder.encode(texts);
    const cosines = cosinesOf(vectors);
    expect(cosines[cosines.length >> 1]).toBeGreaterThan(0.995);
    expect(cosines[0]).toBeGreaterThan(0.98);

    using written = await loadSentenceEncoder(folder);
    expect(await written.encode(texts)).toEqual(vectors);
    for (const i of [0, 17, 60, 119]) expect(await written.encode([texts[i]!])).toEqual([vectors[i]]);
  }, 300_000);

  test("has the same vectors on the reference backend, but for a level here and there", async () => {
    using fast = await loadSentenceEncoder(folder);
    using plain = await loadSentenceEncoder(folder, { device: "reference" });
    const some = texts.filter((text) => text.length < 60).slice(0, 5);
    const [left, right] = [await fast.encode(some), await plain.encode(some)];
    for (const [i, vector] of left.entries()) expect(cosine(vector, right[i]!)).toBeGreaterThan(0.9995);
  }, 300_000);

  test("takes a quarter of the disk and of the memory", async () => {
    const { size } = await stat(join(folder, "model.safetensors"));
    const { size: floats } = await stat(join(model, "model.safetensors"));
    expect(size / floats).toBeLessThan(0.27);
    const info = await inspectModel(folder);
    expect(info.parameters).toBe(22_713_216);
    expect(size - info.bytes).toBeLessThan(20_000);
    using encoder = await loadSentenceEncoder(folder);
    expect(encoder.encoder.backend.memory.bytes).toBeLessThan(0.3 * floats);
  });

  test("STS-B dev: Spearman's correlation within 0.003 of float32's", async () => {
    const { f64 } = JSON.parse(await readFile(dataPath("goldens/minilm/sts.json"), "utf8"));
    const lines = (await readFile(dataPath("similarity/stsb/dev.tsv"), "utf8")).split("\n").slice(1).filter(Boolean);
    const columns = lines.map((line) => line.replace(/\r$/, "").split("\t"));
    using encoder = await loadSentenceEncoder(folder);
    const vectors = await encoder.encode(columns.flatMap((row) => [row[7]!, row[8]!]));
    const cosines = columns.map((_, i) => cosine(vectors[2 * i]!, vectors[2 * i + 1]!));
    const correlation = spearman(
      cosines,
      columns.map((row) => Number(row[9])),
    );
    expect(Math.abs(correlation - Number(f64.spearman))).toBeLessThan(0.003);
  }, 300_000);
});
