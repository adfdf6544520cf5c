import { packEncodings } from "@bertkit/tokenizer";
import type { TextTokens } from "../batching/tokenization.js";
import { Transferred } from "./peer.js";

/** The tokens of many texts in few blocks of memory. Text i is `offsets[i]` … `offsets[i + 1]` of ids and types. */
export interface PackedTokens {
  readonly ids: Int32Array;
  readonly typeIds: Int32Array;
  readonly offsets: Int32Array;
  /** [texts] 1 for those that were cut. */
  readonly truncated: Uint8Array;
}

/** Lays the tokens of texts end to end, in memory that moves with the message. */
export function packTokens(texts: readonly TextTokens[]): Transferred<PackedTokens> {
  const { ids, typeIds, offsets } = packEncodings(texts);
  const truncated = Uint8Array.from(texts, (text) => Number(text.truncated));
  return new Transferred(
    { ids, typeIds, offsets, truncated },
    [ids, typeIds, offsets, truncated].map(({ buffer }) => buffer as ArrayBuffer),
  );
}

/** The tokens text by text, as views of that memory. */
export function unpackTokens({ ids, typeIds, offsets, truncated }: PackedTokens): TextTokens[] {
  return Array.from(truncated, (isCut, text) => {
    const [start, end] = [offsets[text]!, offsets[text + 1]!];
    return {
      length: end - start,
      ids: ids.subarray(start, end),
      typeIds: typeIds.subarray(start, end),
      truncated: isCut === 1,
    };
  });
}
