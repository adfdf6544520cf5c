// Program: a set of texts and a tokenizer → how fast we and the rivals are on one thread, and whether the ids are the same.
import { giveResult, inputOfChild } from "../in-child.js";
import { interleave } from "../interleave.js";
import { speedAgainst } from "../statistics.js";
import { compareIds } from "./compare-ids.js";
import { libraries, openPythonSide, type Side, sideOf, sideWithRanges } from "./sides.js";
import { speedsOf } from "./speeds.js";
import { linesOfSet, sizeOf, textSets } from "./text-sets.js";
import type { Comparison, RivalIds, TextsInput, TextsRun, Work } from "./tokenizer-result.js";
import { wantedRatio } from "./wanted.js";

async function run({ set: index, folder, python, ...rounds }: TextsInput): Promise<TextsRun> {
  const set = textSets[index]!;
  const texts = linesOfSet(set);
  const size = sizeOf(texts);
  const [library, ...others] = libraries;
  const ours: Readonly<Record<Work, Side>> = {
    ids: await sideOf(library, folder, texts),
    "ids, ranges and words": await sideWithRanges(folder, texts),
  };
  const rivals = await Promise.all(others.map((other) => sideOf(other, folder, texts)));
  const inPython = await openPythonSide(python, folder, texts);
  if (inPython) rivals.push(inPython);
  const ids = await idsOfRivals(texts, ours.ids, rivals);
  const samples = await interleave(
    [...Object.values(ours), ...rivals].map(({ name, time }) => ({ name, measure: time })),
    rounds,
  );
  inPython?.close?.();
  const compare = (work: Work, rival: Side): Comparison => {
    const [our, their] = [samples.get(ours[work].name)!, samples.get(rival.name)!];
    return {
      work,
      rival: rival.name,
      ourSpeed: speedsOf(our, size.bytes),
      rivalSpeed: speedsOf(their, size.bytes),
      ratio: speedAgainst(their, our),
      wanted: wantedRatio(work, rival === inPython),
    };
  };
  const works: readonly Work[] = ["ids", "ids, ranges and words"];
  const comparisons = works.flatMap((work) => rivals.map((rival) => compare(work, rival)));
  return { title: set.title, ...size, comparisons, rivals: ids };
}

async function idsOfRivals(texts: readonly string[], ours: Side, rivals: readonly Side[]): Promise<RivalIds[]> {
  const expected = await ours.ids();
  const compared: RivalIds[] = [];
  for (const rival of rivals) {
    const { different, example } = compareIds(texts, expected, await rival.ids());
    if (different > texts.length / 2) {
      throw new Error(`${rival.name}: ${different} of ${texts.length} texts have other ids: is it the same tokenizer?`);
    }
    compared.push({ rival: rival.name, different, example });
  }
  return compared;
}

giveResult(await run(inputOfChild<TextsInput>()));
