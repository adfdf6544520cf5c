import type { CheckpointEntry, CheckpointSource, LazyArray, ReadableDType, Values } from "@bertkit/checkpoint";
import { findReplacedTokenNames, replacedTokenSpellings } from "@bertkit/electra-model";
import { findEncoderNames, findHeadNames, findOutputWords, headPaths } from "@bertkit/encoder-family";
import type { NameTable } from "@bertkit/layers";
import type { ModelConfig } from "../model-config.js";
import type { Architecture } from "./architecture.js";
import type { ConvertedArray, FileArray } from "./conversion-report.js";
import type { TargetNames } from "./target-names.js";

/** An array of a model's file, and what it is called and how it lies in the written one. */
export interface ArrayMove {
  readonly from: string;
  readonly to: string;
  /** Whether its two axes change places. */
  readonly transposed: boolean;
}

type Entries = ReadonlyMap<string, CheckpointEntry>;

/** What an encoder's parameters become. */
export function encoderMoves(
  { family, config }: ModelConfig,
  { heads, hasPooler }: Architecture,
  { entries, names }: { readonly entries: Entries; readonly names: TargetNames },
): ArrayMove[] {
  const paths = Array.from(family.create({ ...config, pooler: hasPooler }).parameters(), ([path]) => path);
  return movesOf(paths, findEncoderNames(family, paths, entries, heads[0]), names.encoder);
}

/** What the parameters of a model's heads become. Throws `CheckpointError` for a head that has no names there. */
export function headMoves(
  { family, head: { tiesWords } }: ModelConfig,
  { heads, detectsReplaced }: Architecture,
  { entries, names }: { readonly entries: Entries; readonly names: TargetNames },
): ArrayMove[] {
  const moves = heads.flatMap((head) => {
    const theirs = findHeadNames(family, head, entries)!;
    return names.head(head).flatMap((written) => movesOf(headPaths[head], theirs, written));
  });
  const words = heads.includes("maskedLanguage") && !tiesWords ? findOutputWords(family, entries) : undefined;
  if (words) moves.push(...movesOf(["weight"], words, names.words()));
  // A discriminator's head, which is ELECTRA's alone.
  const replaced = detectsReplaced ? findReplacedTokenNames(entries) : undefined;
  const replacedPaths = ["dense", "prediction"].flatMap((part) => [`${part}.weight`, `${part}.bias`]);
  if (replaced) moves.push(...movesOf(replacedPaths, replaced, replacedTokenSpellings[0]!));
  return [...new Map(moves.map((move) => [move.to, move])).values()];
}

/** The arrays that moves make, each read when its turn comes. @param dtype by default what each is stored in */
export function movedArrays(
  moves: readonly ArrayMove[],
  source: CheckpointSource,
  { dtype, signal }: { readonly dtype?: ReadableDType | undefined; readonly signal?: AbortSignal | undefined },
): LazyArray[] {
  return moves.map((move) => {
    const { to } = describeMove(move, source.entries, dtype);
    return { ...to, dtype: to.dtype as ReadableDType, values: () => readMoved(move, source, signal) };
  });
}

/** What a move does, for people. */
export function describeMove({ from, to, transposed }: ArrayMove, entries: Entries, dtype?: string): ConvertedArray {
  const entry = entries.get(from)!;
  const shape = transposed ? [...entry.shape].reverse() : entry.shape;
  const isFloat = entry.dtype.includes("float");
  return {
    from: fileArray(from, entry),
    to: { name: to, shape, dtype: (isFloat ? dtype : undefined) ?? entry.dtype },
    transposed,
  };
}

export const fileArray = (name: string, { shape, dtype }: CheckpointEntry): FileArray => ({ name, shape, dtype });

const movesOf = (paths: readonly string[], theirs: NameTable, written: NameTable): ArrayMove[] =>
  paths.map((path) => {
    const [from, to] = [theirs(path), written(path)];
    return { from: from.name, to: to.name, transposed: from.transposed !== to.transposed };
  });

async function readMoved(
  { from, transposed }: ArrayMove,
  source: CheckpointSource,
  signal: AbortSignal | undefined,
): Promise<Values> {
  const values = await source.read(from, { signal });
  const [rows, columns] = source.entries.get(from)!.shape as readonly [number, number];
  return transposed ? turned(values, rows, columns) : values;
}

/** [rows, columns] → [columns, rows] */
function turned(values: Values, rows: number, columns: number): Values {
  const result = values.slice();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[row * columns + column]!;
  }
  return result;
}
