/** How texts are given to a side that pads: in which batches. */
export interface Arrangement {
  readonly name: string;
  /** Numbers of the texts in each batch. */
  readonly batches: readonly (readonly number[])[];
}

/** All at once, padded to the longest: what most people do. */
export const onePaddedBatch = (lengths: readonly number[]): Arrangement => ({
  name: "one batch",
  batches: [[...lengths.keys()]],
});

/**
 * What else a user can do for speed: none where the texts have one length and nothing is padded. Which is the faster
 * depends on the machine, so both are measured.
 */
export function betterArrangements(lengths: readonly number[]): Arrangement[] {
  if (new Set(lengths).size < 2) return [];
  return [
    { name: "sorted, batches of 8", batches: inGroups(byLength(lengths), 8) },
    { name: "one by one", batches: inGroups([...lengths.keys()], 1) },
  ];
}

/** Texts of similar lengths together, so that little is padded. */
function byLength(lengths: readonly number[]): number[] {
  return [...lengths.keys()].sort((a, b) => lengths[a]! - lengths[b]!);
}

function inGroups(texts: readonly number[], size: number): number[][] {
  const groups: number[][] = [];
  for (let at = 0; at < texts.length; at += size) groups.push(texts.slice(at, at + size));
  return groups;
}

/** What each batch gave, in the order of the texts again. */
export function inOrder<Item>({ batches }: Arrangement, results: readonly (readonly Item[])[]): Item[] {
  const ordered: Item[] = [];
  for (const [i, texts] of batches.entries()) {
    for (const [j, text] of texts.entries()) ordered[text] = results[i]![j]!;
  }
  return ordered;
}
