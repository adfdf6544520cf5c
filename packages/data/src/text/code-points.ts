/**
 * Turns places counted in code points, as Python counts, into places in UTF-16 units, as `slice` takes them. A place
 * may be the text's end; undefined for what is no place of the text.
 */
export function placesInUnits(text: string): (codePoints: number) => number | undefined {
  if (!/[\ud800-\udbff][\udc00-\udfff]/.test(text)) {
    return (codePoints) =>
      Number.isInteger(codePoints) && codePoints >= 0 && codePoints <= text.length ? codePoints : undefined;
  }
  const places: number[] = [];
  let units = 0;
  for (const character of text) {
    places.push(units);
    units += character.length;
  }
  places.push(units);
  return (codePoints) => places[codePoints];
}
