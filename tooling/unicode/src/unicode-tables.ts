import { type Character, readProperty, readUnicodeData } from "./unicode-data.js";
import { foldSign, rangeNumbers, writeNumbers } from "./write-numbers.js";

/** The text of the tokenizer's `unicode/tables.ts`, from files of the Unicode Character Database. */
export function tablesModule(readFile: (name: string) => string): string {
  const [v8, v9, v14, v17] = ["8.0.0", "9.0.0", "14.0.0", "17.0.0"].map((version) =>
    readUnicodeData(readFile(`UnicodeData-${version}.txt`)),
  ) as [Character[], Character[], Character[], Character[]];
  const properties14 = readFile("DerivedCoreProperties-14.0.0.txt");
  const isPunctuation = ({ category }: Character) => category.startsWith("P");
  const isMark = ({ category }: Character) => category === "Mn";
  const categories = (...wanted: string[]) => wanted.map((one) => (character: Character) => character.category === one);
  const anyOf = (version: readonly Character[], ...tests: ((character: Character) => boolean)[]) =>
    ranges(version.filter((character) => tests.some((test) => test(character))));
  const isDecomposed = ({ decomposition }: Character) => decomposition !== undefined;
  const isOrdered = ({ combiningClass }: Character) => combiningClass > 0;
  const mapsCase = ({ lowerCase }: Character) => lowerCase !== undefined;
  const tables: Table[] = [
    ["control8", "Cc, Cf and Co of Unicode 8.0", anyOf(v8, ...categories("Cc", "Cf", "Co"))],
    ["punctuation8", "P* of Unicode 8.0", anyOf(v8, isPunctuation)],
    ["mark8", "Mn of Unicode 8.0", anyOf(v8, isMark)],
    ["control14", "Cc and Cf of Unicode 14.0", anyOf(v14, ...categories("Cc", "Cf"))],
    ["punctuation14", "P* of Unicode 14.0", anyOf(v14, isPunctuation)],
    ["mark14", "Mn of Unicode 14.0", anyOf(v14, isMark)],
    ["lowerCase17", "Simple lower case of Unicode 17.0", lowerCaseRuns(v17.filter(mapsCase))],
    ["lowerCaseAfter14", "What has a lower case in 17.0 and none in 14.0", ranges(without(v17, v14, mapsCase))],
    ["cased14", "Cased of Unicode 14.0", rangeNumbers(readProperty(properties14, "Cased"))],
    ["caseIgnorable14", "Case_Ignorable of Unicode 14.0", rangeNumbers(readProperty(properties14, "Case_Ignorable"))],
    ["decomposed14", "What has a canonical decomposition in Unicode 14.0", anyOf(v14, isDecomposed)],
    ["decomposition14", "The two code points of each of these, less the one before; 0 for no second", parts(v14)],
    ["combiningClass14", "Canonical combining classes of Unicode 14.0", classRuns(v14.filter(isOrdered))],
    ["combiningAfter9", "What has a combining class in 14.0 and none in 9.0", ranges(without(v14, v9, isOrdered))],
  ];
  return `${header}${tables.map(tableText).join("")}`;
}

type Table = readonly [name: string, what: string, numbers: readonly number[]];

const header = `// Made by tooling/unicode, which says how to read these. Unicode's data files: © Unicode, Inc., Unicode License v3.
// biome-ignore-all format: a table stays on its lines
`;

function tableText([name, what, numbers]: Table): string {
  const lines = writeNumbers(numbers).match(/.{1,110}/g) ?? [];
  return `\n/** ${what}. */\nexport const ${name} =\n  ${lines.map((line) => JSON.stringify(line)).join(" +\n  ")};\n`;
}

const ranges = (characters: readonly Character[]): number[] =>
  rangeNumbers(characters.map(({ codePoint }) => codePoint));

/** The characters of one version for which a test holds, and not in an older one. */
function without(
  version: readonly Character[],
  older: readonly Character[],
  test: (character: Character) => boolean,
): Character[] {
  const there = new Map(older.filter(test).map((character) => [character.codePoint, character]));
  const inBoth = version.filter(({ codePoint }) => there.has(codePoint));
  for (const { codePoint, lowerCase } of inBoth) {
    const old = there.get(codePoint);
    if (test({ ...(old as Character), lowerCase }) && old?.lowerCase !== lowerCase) {
      throw new Error(`U+${codePoint.toString(16)} maps to something else in the older version`);
    }
  }
  return version.filter((character) => test(character) && !there.has(character.codePoint));
}

/** Runs of one step (1 or 2) and one distance to the lower case: gap, how many follow, step - 1, distance. */
function lowerCaseRuns(characters: readonly Character[]): number[] {
  const numbers: number[] = [];
  const distance = (at: number): number => {
    const character = characters[at];
    return character?.lowerCase === undefined ? Number.NaN : character.lowerCase - character.codePoint;
  };
  const at = (index: number): number => characters[index]?.codePoint ?? Number.NaN;
  let end = 0;
  for (let from = 0; from < characters.length; ) {
    const step = at(from + 1) - at(from) === 1 && distance(from + 1) === distance(from) ? 1 : 2;
    let to = from;
    while (at(to + 1) - at(to) === step && distance(to + 1) === distance(from)) to++;
    numbers.push(at(from) - end, to - from, step - 1, foldSign(distance(from)));
    end = at(to) + 1;
    from = to + 1;
  }
  return numbers;
}

/** First parts, each less the one before; then second parts, the same way, 0 where there is none. */
function parts(characters: readonly Character[]): number[] {
  const decompositions = characters.flatMap(({ decomposition }) =>
    decomposition === undefined ? [] : [decomposition],
  );
  if (decompositions.some(({ length }) => length > 2)) throw new Error("a decomposition has more than two parts");
  return [0, 1].flatMap((part) => {
    let last = 0;
    return decompositions.map((decomposition) => {
      const codePoint = decomposition[part] ?? 0;
      const step = foldSign(codePoint - last);
      last = codePoint;
      return step;
    });
  });
}

/** Runs of one combining class: gap, how many follow, class. */
function classRuns(characters: readonly Character[]): number[] {
  const numbers: number[] = [];
  let end = 0;
  for (let from = 0; from < characters.length; ) {
    const { codePoint, combiningClass } = characters[from] as Character;
    let to = from;
    while (
      characters[to + 1]?.codePoint === codePoint + to + 1 - from &&
      characters[to + 1]?.combiningClass === combiningClass
    ) {
      to++;
    }
    numbers.push(codePoint - end, to - from, combiningClass);
    end = codePoint + to - from + 1;
    from = to + 1;
  }
  return numbers;
}
