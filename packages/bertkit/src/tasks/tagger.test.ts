import type { Aggregation } from "@bertkit/heads";
import { ConfigError } from "@bertkit/layers";
import { DisposedError } from "@bertkit/tensor";
import { describe, expect, test } from "@jest/globals";
import { type RecordedEntities, readRecordedTagging } from "../fixtures/recorded-tagging.js";
import { collect, streamOf } from "../fixtures/streams.js";
import { headedModels, useTinyModels } from "../fixtures/tiny-models.js";
import type { LoadModelOptions } from "../load-model-options.js";
import { aggregations, loadTagger, type TaggedEntity, type Tagger, type TextOrWords } from "./tagger.js";

const models = useTinyModels();

/** Answers are computed in float32, the recorded ones in double precision. */
const digits = 5;

const open = async (options: LoadModelOptions = {}): Promise<Tagger> =>
  loadTagger(await models.write("tagger", headedModels.tagger), options);

describe.each(["reference", "wasm"] as const)("tag on the %s backend", (device) => {
  const loadNamed = async (name: string, options: LoadModelOptions = {}): Promise<Tagger> =>
    loadTagger(await models.write(name, (await readRecordedTagging()).models[name]), { device, ...options });

  test.each(["names", "speech"])(
    "finds the entities that transformers finds, emoji and accents too: %s",
    async (name) => {
      const { texts, decomposed } = await readRecordedTagging();
      using tagger = await loadNamed(name);
      const recorded = [...texts, ...decomposed].filter(({ model }) => model === name);
      for (const { text, entities } of recorded) await expectEntities(tagger, text, entities);
      expect(recorded.length).toBeGreaterThan(5);
    },
  );

  test.each(["names", "speech"])("words have their first tokens' labels, and make entities: %s", async (name) => {
    const recorded = (await readRecordedTagging()).words.filter(({ model }) => model === name);
    using tagger = await loadNamed(name);
    for (const { words, labels, entities } of recorded) {
      await expectEntities(tagger, words, entities);
      const [tagging] = await tagger.tag([words]);
      expect(tagging).toMatchObject({
        text: words.join(" "),
        labels: labels.map(([label, score]) => ({ label, score: expect.closeTo(score, digits) })),
      });
      expect(tagging!.entities.map(({ type }) => type)).toEqual(entities.first!.map(([type]) => type));
    }
    expect(recorded.length).toBeGreaterThan(2);
  });

  test("reads longer texts in windows, and labels each token where it has most context", async () => {
    const { long } = await readRecordedTagging();
    for (const { model, text, maxLength, stride, entities } of long) {
      using tagger = await loadNamed(model, { maxLength });
      await expectEntities(tagger, text, entities, stride);
    }
    expect(long.length).toBeGreaterThan(3);
  });
});

async function expectEntities(
  tagger: Tagger,
  input: TextOrWords,
  recorded: RecordedEntities,
  stride?: number,
): Promise<void> {
  const given = typeof input === "string" ? input : input.join(" ");
  for (const [aggregation, entities] of Object.entries(recorded)) {
    const [tagging] = await tagger.tag([input], { aggregation: aggregation as Aggregation, stride });
    expect(tagging!.entities).toEqual(
      entities.map(([type, score, start, end]) => ({
        type,
        score: expect.closeTo(score, digits),
        start,
        end,
        text: given.slice(start, end),
      })),
    );
  }
}

describe("tag", () => {
  const long = "Ann reads a book in the old library of Élodie 😀 and sings. ".repeat(20);
  const inputs: readonly TextOrWords[] = ["A lovely library.", "", long, ["the", "red", "house"], [], "水 and 火"];

  test("an input's answer is the same alone, among others, from a stream and in batches of any size", async () => {
    using tagger = await open();
    const together = await tagger.tag(inputs);
    for (const [i, input] of inputs.entries()) expect(await tagger.tag([input])).toEqual([together[i]]);
    expect(await collect(tagger.tag(streamOf(inputs), { batchTokens: 10 }))).toEqual(together);
    expect(together.map(({ text }) => text)).toEqual(
      inputs.map((input) => (typeof input === "string" ? input : input.join(" "))),
    );
  });

  test("nothing of a long text is left out, at any stride, and the default shares a quarter", async () => {
    using tagger = await open({ maxLength: 18 });
    const { tokenizer } = tagger;
    const { ranges, length } = tokenizer.encode(long, { addSpecialTokens: false });
    const everyToken = Array.from({ length }, (_, i) => [ranges[2 * i], ranges[2 * i + 1]]);
    const labelled = async (stride?: number): Promise<readonly TaggedEntity[]> => {
      const [tagging] = await tagger.tag([long], { aggregation: "none", stride });
      return tagging!.entities;
    };
    // Each token that is not O comes once, as the tokenizer has it.
    for (const stride of [undefined, 1, 7, 16, 1000]) {
      const found = (await labelled(stride)).map(({ start, end }) => [start, end]);
      expect(found.length).toBeGreaterThan(length / 4);
      expect(everyToken.filter(([start]) => found.some(([begin]) => begin === start))).toEqual(found);
    }
    expect(await labelled()).toEqual(await labelled(12));
    expect(await labelled(16)).toEqual(await labelled(1000));
    expect(await labelled()).not.toEqual(await labelled(16));
  });

  test("progress counts a text once, with what was read of it in all windows, and nothing is cut", async () => {
    using tagger = await open({ maxLength: 18 });
    const progress: unknown[] = [];
    await tagger.tag(["a cat", long], { stride: 16, onProgress: (made) => progress.push(made) });
    const tokens = tagger.tokenizer.encode(long, { addSpecialTokens: false }).length;
    const all = 4 + tokens + 2 * Math.ceil(tokens / 16);
    expect(progress).toEqual([
      { inputs: 1, tokens: 4, truncated: 0 },
      { inputs: 2, tokens: all, truncated: 0 },
    ]);
  });

  test("a word may have spaces, nothing in it, or nothing that the tokenizer keeps", async () => {
    using tagger = await open();
    const words = ["New York", "", "\u200b", "cat"];
    const [tagging] = await tagger.tag([words]);
    expect(tagging?.text).toBe("New York  \u200b cat");
    expect(tagging?.labels?.map((word) => word !== undefined)).toEqual([true, false, false, true]);
    for (const { text } of tagging!.entities) expect(["New York", "cat", "New York  \u200b cat"]).toContain(text);
  });

  test("words of a long text have labels, each one", async () => {
    using tagger = await open({ maxLength: 12 });
    const words = long.split(" ").filter((word) => word !== "");
    const [tagging] = await tagger.tag([words]);
    expect(tagging?.labels).toHaveLength(words.length);
    expect(tagging?.labels).not.toContain(undefined);
  });

  test("what is neither text nor words is an error, and so are options that cannot be", async () => {
    using tagger = await open();
    const tag = (input: unknown, options = {}) => tagger.tag([input as string], options);
    await expect(tag(1)).rejects.toThrow(new ConfigError("tag", ["it wanted a string or its words, got 1"]));
    await expect(tag(["a", null])).rejects.toThrow(new ConfigError("tag", ["it wanted words, got null"]));
    await expect(tag("a", { aggregation: "last", stride: 0 })).rejects.toThrow(
      new ConfigError("tag", [
        `the aggregation must be one of ${aggregations.join(", ")}, got "last"`,
        "the stride must be a whole number of tokens above 0, got 0",
      ]),
    );
    expect(() => tagger.tag("a text" as unknown as string[])).toThrow(ConfigError);
  });

  test("says what it is: labels, maximum, device; after disposal it answers no more", async () => {
    const tagger = await open({ maxLength: 20, device: "reference" });
    const { labels, maxLength, device } = tagger;
    expect({ labels, maxLength, device }).toEqual({
      labels: ["O", "B-PER", "I-PER"],
      maxLength: 20,
      device: "reference",
    });
    tagger[Symbol.dispose]();
    await expect(tagger.tag(["a"])).rejects.toThrow(DisposedError);
  });
});
