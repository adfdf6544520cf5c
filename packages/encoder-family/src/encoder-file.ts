import type { LazyArray } from "@bertkit/checkpoint";
import { namedArrays } from "@bertkit/layers";
import type { ConfiguredEncoder, EncoderFamily } from "./encoder-family.js";
import { int8Metadata, precisionOf } from "./precision.js";

/** What a safetensors file of an encoder holds. */
export interface EncoderFile {
  /** Its parameters in Hugging Face's spelling, each read when its turn comes; int8 as docs/int8.md describes. */
  readonly arrays: readonly LazyArray[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** An encoder as `writeSafetensors` takes it. */
export function encoderFile(family: EncoderFamily, encoder: ConfiguredEncoder): EncoderFile {
  // "pt" is what transformers expects of a file it can load, which one of levels is not.
  const metadata = precisionOf(encoder) === "int8" ? int8Metadata : { format: "pt" };
  return { arrays: [...namedArrays(encoder, family.spellings[0])], metadata };
}
