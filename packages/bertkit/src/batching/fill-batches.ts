/**
 * Distributes texts over batches of at most `batchTokens` tokens, the longest first and each into the first batch that
 * has room (first-fit decreasing), so that all batches but the last are well filled. A text that is longer alone is a
 * batch of its own.
 * @returns the texts of each batch, by their places in `lengths`
 */
export function fillBatches(lengths: readonly number[], batchTokens: number): readonly (readonly number[])[] {
  const longestFirst = [...lengths.keys()].sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const batches: { texts: number[]; room: number }[] = [];
  for (const text of longestFirst) {
    const length = lengths[text]!;
    let batch = batches.find(({ room }) => room >= length);
    if (!batch) {
      batch = { texts: [], room: batchTokens };
      batches.push(batch);
    }
    batch.texts.push(text);
    batch.room -= length;
  }
  return batches.map(({ texts }) => texts);
}
