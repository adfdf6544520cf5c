import type { LazyArray } from "@bertkit/checkpoint";
import { namedArrays } from "@bertkit/layers";
import type { ConfiguredEncoder, EncoderFamily } from "./encoder-family.js";
import { writtenNames } from "./names/find-names.js";
import type { HeadName } from "./names/head-names.js";
import { int8Metadata, precisionOf } from "./precision.js";

/** What a safetensors file of an encoder holds. */
export interface EncoderFile {
  /** Its parameters in Hugging Face's spelling, each read when its turn comes; int8 as docs/int8.md describes. */
  readonly arrays: readonly LazyArray[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * An encoder as `writeSafetensors` takes it. Throws `UnsupportedError` for a pooler that the family has no name for: it
 * came with a head.
 * @param head what it was loaded with, which in some families has brought the pooler
 */
export function encoderFile(family: EncoderFamily, encoder: ConfiguredEncoder, head?: HeadName): EncoderFile {
  // "pt" is what transformers expects of a file it can load, which one of levels is not.
  const metadata = precisionOf(encoder) === "int8" ? int8Metadata : { format: "pt" };
  return { arrays: [...namedArrays(encoder, writtenNames(family, { head }))], metadata };
}
