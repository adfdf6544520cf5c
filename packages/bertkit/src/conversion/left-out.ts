import type { CheckpointEntry } from "@bertkit/checkpoint";
import type { EncoderFamily } from "@bertkit/encoder-family";
import type { Architecture } from "./architecture.js";
import { type ArrayMove, fileArray } from "./array-moves.js";
import type { LeftOutArray } from "./conversion-report.js";

/** The arrays of a file that no move takes, and why each is not needed. */
export function leftOut(
  entries: ReadonlyMap<string, CheckpointEntry>,
  moves: readonly ArrayMove[],
  { family, architecture }: { readonly family: EncoderFamily; readonly architecture: Architecture },
): LeftOutArray[] {
  const moved = new Set(moves.map(({ from }) => from));
  const tables = new Set(family.outputWords.map((table) => table("weight").name));
  return Array.from(entries)
    .filter(([name]) => !moved.has(name))
    .map(([name, entry]) => ({ ...fileArray(name, entry), reason: reasonOf(name, tables, architecture) }));
}

function reasonOf(name: string, tables: ReadonlySet<string>, { name: architecture, heads }: Architecture): string {
  if (isOptimizers.test(name)) return "it is the optimizer's";
  if (isBuffer.test(name)) return "it is a buffer, which models make anew";
  const fillsMasks = heads.includes("maskedLanguage");
  if (fillsMasks && tables.has(name)) return "it is the word table again, which the head shares";
  if (fillsMasks && name.endsWith("decoder.bias")) return "it is the head's bias again";
  if (fillsMasks && name.endsWith(".bias") && tables.has(name.replace(/bias$/, "decoder.weight"))) {
    return "it is the head's bias again";
  }
  return `it is no part of ${architecture}`;
}

/** Slots and counters of Google's and TensorFlow's optimizers. */
const isOptimizers =
  /(^|\/)(global_step|beta[12]_power|learning_rate|adam_[mv]|Adam(_1)?|adam(_1)?|LAMB(_1)?|lamb_[mv])$/;

const isBuffer = /(^|\.)(position_ids|token_type_ids)$/;
