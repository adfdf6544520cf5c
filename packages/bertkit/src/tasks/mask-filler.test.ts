import { describe, expect, test } from "@jest/globals";
import { changeArrays, changeConfig } from "../fixtures/change-model.js";
import { type RecordedFills, readRecordedPipelines } from "../fixtures/recorded-pipelines.js";
import { useTinyModels } from "../fixtures/tiny-models.js";
import { type FilledMask, loadMaskFiller, type MaskFiller } from "./mask-filler.js";

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
