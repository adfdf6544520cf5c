import type { DifferentIds, RivalIds } from "./tokenizer-result.js";

type Ids = readonly ArrayLike<number>[];

/** Which texts have other ids on the rival's side. Throws `RangeError` where it has ids for another number of texts. */
export function compareIds(texts: readonly string[], ours: Ids, theirs: Ids): Omit<RivalIds, "rival"> {
  if (theirs.length !== texts.length || ours.length !== texts.length) {
    const counts = `${ours.length} and ${theirs.length}`;
    throw new RangeError(`compareIds: needs ids of ${texts.length} texts from either side, got ${counts}`);
  }
  const parted = texts.flatMap((text, i) => difference(text, ours[i]!, theirs[i]!) ?? []);
  return { different: parted.length, example: parted[0] };
}

/** Ids and characters round the place that are enough to see what happened. */
const shown = 6;

function difference(text: string, ours: ArrayLike<number>, theirs: ArrayLike<number>): DifferentIds | undefined {
  const longer = Math.max(ours.length, theirs.length);
  let at = 0;
  while (at < longer && ours[at] === theirs[at]) at++;
  if (at === longer) return undefined;
  const near = (ids: ArrayLike<number>): number[] => Array.from(ids).slice(at, at + shown);
  return { text: text.slice(0, 80), ours: near(ours), theirs: near(theirs) };
}
