/**
 * The candidates that a person may have meant by `word`, nearest first; empty where none is near. Case counts little, a
 * third of the letters may differ, and the beginning of a longer name is near to it.
 */
export function nearest(word: string, candidates: Iterable<string>): readonly string[] {
  const wanted = word.toLowerCase();
  const limit = word.length < 2 ? 0 : Math.max(1, Math.floor(word.length / 3));
  const near: { candidate: string; distance: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const name = candidate.toLowerCase();
    const beginning = wanted.length > 1 && name.startsWith(wanted) ? limit : Number.POSITIVE_INFINITY;
    // The distance is at least the difference of the lengths: names far longer need no table.
    const isComparable = Math.abs(name.length - wanted.length) <= limit;
    const distance = Math.min(beginning, isComparable ? editDistance(wanted, name) : Number.POSITIVE_INFINITY);
    if (distance <= limit) near.push({ candidate, distance });
  }
  return near.sort((a, b) => a.distance - b.distance).map(({ candidate }) => candidate);
}

/** Letters to insert, delete, replace, or swap with their neighbour (Damerau's distance, optimal string alignment). */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (last[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (last[column - 1] as number) + (isSame ? 0 : 1),
        isSwap ? (beforeLast[column - 2] as number) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] as number;
}
