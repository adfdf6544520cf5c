import type { NameTable } from "@bertkit/layers";
import { UnsupportedError } from "@bertkit/tensor";
import type { EncoderFamily } from "../encoder-family.js";
import type { HeadName } from "./head-names.js";

/** What a file has arrays under. */
export interface FileNames {
  has(name: string): boolean;
}

/**
 * The spelling under which most of `paths` are found among a file's names; the first where none is. Throws
 * `UnsupportedError` for a path that no spelling covers.
 */
export function findNames(
  spellings: readonly [NameTable, ...NameTable[]],
  paths: readonly string[],
  names: FileNames,
): NameTable {
  let best = spellings[0];
  let most = 0;
  for (const table of spellings) {
    const found = paths.filter((path) => names.has(table(path).name)).length;
    if (found > most) [best, most] = [table, found];
  }
  return best;
}

/**
 * How a file spells the parameters of a family's encoder. The pooler is that of `head`, where the family's heads have
 * one of their own. Throws `UnsupportedError` for a path that no spelling covers.
 */
export function findEncoderNames(
  family: EncoderFamily,
  paths: readonly string[],
  names: FileNames,
  head?: HeadName,
): NameTable {
  const own = paths.filter((path) => !isPooler(path));
  const encoder = findNames(family.spellings, headPoolers(family, head) ? own : paths, names);
  const pooler = headPoolers(family, head)?.find((table) => names.has(table(poolerPaths[0]).name));
  return withPooler(encoder, pooler);
}

/** Where an encoder that is written stands. */
export interface EncoderPlace {
  /** The head on it, which may have brought its pooler. */
  readonly head?: HeadName | undefined;
  /** Whether it is a part of a model with a head: names then begin with what the family is called, but for such a pooler's. */
  readonly inModel?: boolean;
}

/**
 * The spelling that a family's encoder is written in: Hugging Face's, and that of `head` for a pooler which came with it.
 * It throws `UnsupportedError` for a path that the family has no name for.
 */
export function writtenNames(family: EncoderFamily, { head, inModel = false }: EncoderPlace = {}): NameTable {
  const own = family.spellings[0];
  const inside: NameTable = (path) => ({ ...own(path), name: `${family.modelTypes[0]}.${own(path).name}` });
  return withPooler(inModel ? inside : own, headPoolers(family, head)?.[0]);
}

/** Whether a file holds the pooler, or a part of it, that a family's encoder has under `head`; without one, the encoder's own. */
export function holdsPooler(family: EncoderFamily, names: FileNames, head?: HeadName): boolean {
  return (headPoolers(family, head) ?? family.spellings).some((table) => {
    try {
      return poolerPaths.some((path) => names.has(table(path).name));
    } catch (error) {
      // A family without a pooler of its own has no name for it.
      if (error instanceof UnsupportedError) return false;
      throw error;
    }
  });
}

const poolerPaths = ["pooler.weight", "pooler.bias"] as const;

const isPooler = (path: string): boolean => path.startsWith("pooler.");

const withPooler = (encoder: NameTable, pooler: NameTable | undefined): NameTable =>
  pooler ? (path) => (isPooler(path) ? pooler : encoder)(path) : encoder;

const headPoolers = (family: EncoderFamily, head: HeadName | undefined): readonly NameTable[] | undefined =>
  head && family.headPoolers?.[head];
