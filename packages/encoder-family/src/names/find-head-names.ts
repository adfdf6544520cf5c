import type { NameTable } from "@bertkit/layers";
import type { EncoderFamily } from "../encoder-family.js";
import { type FileNames, holdsPooler } from "./find-names.js";
import { type HeadName, headClassEndings, headPaths } from "./head-names.js";

/**
 * How a file spells the parameters of a head; undefined where it lacks the head or a part of it. Heads that are spelled
 * alike (`classifier`) are told apart by `headsIn`.
 */
export function findHeadNames(family: EncoderFamily, head: HeadName, names: FileNames): NameTable | undefined {
  return family.heads[head]?.find((table) => headPaths[head].every((path) => names.has(table(path).name)));
}

/**
 * How a file spells the table of an untied masked-language head, whose path is `weight`: an `Embedding` loads it.
 * Undefined where the file has none. It is to be asked for only where the configuration does not tie the two tables.
 */
export function findOutputWords(family: EncoderFamily, names: FileNames): NameTable | undefined {
  return family.outputWords.find((table) => names.has(table("weight").name));
}

/**
 * The heads that a file holds in full. Where a classifier could be one of several, the configuration's architectures
 * decide, such as `BertForTokenClassification`; where they don't, it is one of sequences if the file has a pooler and
 * the family spells it so, else one of tokens.
 */
export function headsIn(family: EncoderFamily, names: FileNames, architectures: readonly string[]): HeadName[] {
  const found = (Object.keys(headPaths) as HeadName[]).flatMap((head) => {
    const table = findHeadNames(family, head, names);
    return table ? [{ head, weight: table(headPaths[head][0]!).name }] : [];
  });
  return found
    .filter(({ head, weight }) => {
      const alike = found.filter((other) => other.weight === weight).map((other) => other.head);
      return alike.length === 1 || head === chosen(alike, holdsPooler(family, names, alike[0]), architectures);
    })
    .map(({ head }) => head);
}

/** What a file calls the arrays of the heads that it holds, and of an untied masked-language head's table. */
export function headArrays(
  family: EncoderFamily,
  names: FileNames,
  { architectures, tiesWords }: HeadStatements,
): string[] {
  const heads = headsIn(family, names, architectures).flatMap((head) => {
    const table = findHeadNames(family, head, names)!;
    const pooler = family.headPoolers?.[head]?.find((other) => names.has(other("pooler.weight").name));
    return [
      ...headPaths[head].map((path) => table(path).name),
      ...(pooler ? ["pooler.weight", "pooler.bias"].map((path) => pooler(path).name) : []),
    ];
  });
  return tiesWords ? heads : heads.concat(findOutputWords(family, names)?.("weight").name ?? []);
}

/** What a configuration says of the heads, as of `HeadSettings`. */
export interface HeadStatements {
  readonly architectures: readonly string[];
  readonly tiesWords: boolean;
}

function chosen(alike: readonly HeadName[], hasPooler: boolean, architectures: readonly string[]): HeadName {
  const stated = alike.find((head) =>
    architectures.some((architecture) => architecture.endsWith(headClassEndings[head])),
  );
  const likely = hasPooler ? "sequenceClassification" : "tokenClassification";
  return stated ?? alike.find((head) => head === likely) ?? alike[0]!;
}
