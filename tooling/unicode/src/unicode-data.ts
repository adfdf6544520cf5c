/** What UnicodeData.txt says of one code point, as far as the tokenizer asks. */
export interface Character {
  readonly codePoint: number;
  /** General category, two letters. */
  readonly category: string;
  readonly combiningClass: number;
  /** Canonical decomposition, one step; undefined where there is none. */
  readonly decomposition: readonly number[] | undefined;
  /** Simple lower case; undefined where it is the character itself. */
  readonly lowerCase: number | undefined;
}

/** Reads a UnicodeData.txt: a line a character, or two for the first and the last of a block. */
export function readUnicodeData(text: string): Character[] {
  const characters: Character[] = [];
  let first: number | undefined;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const character = readLine(line);
    if (/^[^;]*;<[^;]*, First>/.test(line)) {
      first = character.codePoint;
      continue;
    }
    for (let codePoint = first ?? character.codePoint; codePoint <= character.codePoint; codePoint++) {
      characters.push({ ...character, codePoint });
    }
    first = undefined;
  }
  return characters;
}

/** The code points that have a property in a file such as DerivedCoreProperties.txt, in order. */
export function readProperty(text: string, property: string): number[] {
  const codePoints: number[] = [];
  for (const line of text.split("\n")) {
    const [, first, last = first, name] = /^([0-9A-F]+)(?:\.\.([0-9A-F]+))? *; *(\w+)/.exec(line) ?? [];
    if (first === undefined || last === undefined || name !== property) continue;
    for (let codePoint = Number.parseInt(first, 16); codePoint <= Number.parseInt(last, 16); codePoint++) {
      codePoints.push(codePoint);
    }
  }
  return codePoints;
}

function readLine(line: string): Character {
  const fields = line.split(";");
  const field = (index: number): string => fields[index] ?? "";
  const decomposition = field(5);
  return {
    codePoint: Number.parseInt(field(0), 16),
    category: field(2),
    combiningClass: Number(field(3)),
    // With a tag such as <compat> it is no canonical one.
    decomposition: /^[0-9A-F]/.test(decomposition)
      ? decomposition.split(" ").map((part) => Number.parseInt(part, 16))
      : undefined,
    lowerCase: field(13) === "" ? undefined : Number.parseInt(field(13), 16),
  };
}
