/**
 * The names closest to one that was given, the closest first, as far as they may have been meant: the same but for a
 * few letters, or the same last part under another namespace.
 */
export function similarNames(given: string, names: Iterable<string>, most = 5): string[] {
  const wanted = given.toLowerCase();
  // A long namespace is no licence for many wrong letters in what follows it.
  const furthest = Math.max(2, lastPart(wanted).length / 3);
  const ranked = Array.from(new Set(names), (name) => ({ name, distance: distanceOf(wanted, name.toLowerCase()) }));
  return ranked
    .filter(({ name, distance }) => name !== given && distance <= furthest)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ name }) => name);
}

/** Another namespace counts as two letters, however long it is. */
function distanceOf(wanted: string, name: string): number {
  return Math.min(editDistance(wanted, name), 2 + editDistance(lastPart(wanted), lastPart(name)));
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** How many letters to add, drop or change to make one text of the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line++) {
    const next = [line];
    for (let column = 1; column <= to.length; column++) {
      const change = from[line - 1] === to[column - 1] ? 0 : 1;
      next.push(Math.min(row[column]! + 1, next[column - 1]! + 1, row[column - 1]! + change));
    }
    row = next;
  }
  return row[to.length]!;
}
