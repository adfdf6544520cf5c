import { describe, expect, test } from "@jest/globals";
import { changeArrays, changeConfig } from "../fixtures/change-model.js";
import { type RecordedFills, readRecordedPipelines } from "../fixtures/recorded-pipelines.js";
import { useTinyModels } from "../fixtures/tiny-models.js";
import type { LoadModelOptions } from "../load-model-options.js";
import { type FilledMask, type FillOptions, loadMaskFiller, type MaskFiller } from "./mask-filler.js";

const models = useTinyModels();

/** Answers are computed in float32, the recorded ones in double precision. */
const digits = 5;

describe.each(["reference", "wasm"] as const)("masks on the %s backend", (device) => {
  test.each(["pretrained", "masked"])("are filled as transformers' fill-mask fills them: %s", async (name) => {
    const { fill, models: options } = await readRecordedPipelines();
    using filler = await loadMaskFiller(await models.write(name, options[name]), { device });
    await expectRecorded(filler, fill.find(({ model }) => model === name)!);
  });

  test.each([undefined, "int8"] as const)("with an output table of the head's own, as it is: %s", async (precision) => {
    const { fillUntied, models: options } = await readRecordedPipelines();
    const folder = await models.write("untied", options.masked);
    await untie(folder);
    using filler = await loadMaskFiller(folder, { device, precision });
    if (precision === undefined) await expectRecorded(filler, fillUntied);
    else expect((await filler.fill(fillUntied.texts))[1]![0]!.guesses[0]!.id).toBe(fillUntied.masks[1]![0]![0]!.id);
  });
});

describe("fill", () => {
  const load = async (options: LoadModelOptions = {}) => {
    return loadMaskFiller(await models.write("masked", { head: "BertForMaskedLM" }), { device: "wasm", ...options });
  };

  test("says where each mask is and puts each guess in its place, a piece of a word onto the word before", async () => {
    using filler = await load();
    expect(filler.mask).toBe("[MASK]");
    const text = "A [MASK] \u{1f600} reads [MASK].";
    const [masks] = await filler.fill([text], { targets: ["cat", "##ing"] });
    expect(masks!.map(({ start, end }) => text.slice(start, end))).toEqual(["[MASK]", "[MASK]"]);
    const filled = masks!.map(({ guesses }) => guesses.map((guess) => [guess.token, guess.text]).sort());
    expect(filled).toEqual([
      [
        ["##ing", "Aing \u{1f600} reads [MASK]."],
        ["cat", "A cat \u{1f600} reads [MASK]."],
      ],
      [
        ["##ing", "A [MASK] \u{1f600} readsing."],
        ["cat", "A [MASK] \u{1f600} reads cat."],
      ],
    ]);
  });

  test("gives five guesses, or so many as are asked for, the likeliest first; all tokens' sum to 1", async () => {
    using filler = await load();
    const guessesOf = async (options?: FillOptions) => (await filler.fill(["a [MASK]"], options))[0]![0]!.guesses;
    const all = (await guessesOf({ top: 100_000 })).map(({ score }) => score);
    expect(all).toHaveLength(filler.tokenizer.vocabulary.size);
    expect(all).toEqual([...all].sort((a, b) => b - a));
    expect(all.reduce((sum, score) => sum + score)).toBeCloseTo(1, 10);
    expect((await guessesOf()).map(({ score }) => score)).toEqual(all.slice(0, 5));
  });

  test("takes a target as it would be read, and names those that are no token", async () => {
    using filler = await load();
    const [[found]] = (await filler.fill(["a [MASK]"], { targets: ["Cat", "##ing"] })) as [[FilledMask]];
    expect(found.guesses.map(({ token }) => token).sort()).toEqual(["##ing", "cat"]);
    await expect(filler.fill(["a [MASK]"], { targets: ["cat", "cats", "", "☂"] })).rejects.toThrow(
      'fill: the target "cats" is not one token but cat ##s; the target "" is no token; ' +
        'the target "☂" is not one token but [UNK]',
    );
    await expect(filler.fill(["a [MASK]"], { targets: [] })).rejects.toThrow("fill: there are no targets");
  });

  test("needs a mask in every text, each within the limit", async () => {
    using filler = await load({ maxLength: 8 });
    expect(await filler.fill(["a a a a a [MASK] a a"])).toHaveLength(1);
    const problems = [
      ["no mask", "put [MASK] where a word is missing; it is nowhere in"],
      ["a [mask]", "put [MASK] where a word is missing; it is nowhere in"],
      ["a a a a a a [MASK]", "it is beyond the first 8 tokens in"],
      ["[MASK] a a a a a [MASK]", "it is beyond the first 8 tokens in"],
    ] as const;
    for (const [text, problem] of problems) await expect(filler.fill(["[MASK]", text])).rejects.toThrow(problem);
    await expect(filler.fill([7 as unknown as string])).rejects.toThrow("fill: it wanted a string, got 7");
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("takes no top of %d", async (top) => {
    using filler = await load();
    await expect(filler.fill(["[MASK]"], { top })).rejects.toThrow(`top must be a whole number above 0, got ${top}`);
  });
});

async function expectRecorded(filler: MaskFiller, recorded: RecordedFills): Promise<void> {
  const { texts, top, masks, targets, amongTargets } = recorded;
  expectGuesses(await filler.fill(texts, { top }), masks);
  expectGuesses(await filler.fill(texts, { targets }), amongTargets);
}

function expectGuesses(found: readonly (readonly FilledMask[])[], expected: RecordedFills["masks"]): void {
  const ids = found.map((masks) => masks.map(({ guesses }) => guesses.map(({ id }) => id)));
  expect(ids).toEqual(expected.map((masks) => masks.map((guesses) => guesses.map(({ id }) => id))));
  const scores = found.flat().flatMap(({ guesses }) => guesses.map(({ score }) => score));
  for (const [i, { score }] of expected.flat(2).entries()) expect(scores[i]).toBeCloseTo(score, digits);
}

/** As `untied` of tooling/golden/pipelines.py. */
async function untie(folder: string): Promise<void> {
  await changeConfig(folder, { tie_word_embeddings: false });
  await changeArrays(folder, (arrays) => {
    const { shape, values } = arrays.get("bert.embeddings.word_embeddings.weight")!;
    const [rows, width] = shape as readonly [number, number];
    const upsideDown = values.map((_, i) => values[(rows - 1 - Math.floor(i / width)) * width + (i % width)]!);
    arrays.set("cls.predictions.decoder.weight", { shape, values: upsideDown });
    arrays.set("cls.predictions.decoder.bias", arrays.get("cls.predictions.bias")!);
  });
}
