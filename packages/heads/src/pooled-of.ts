import type { EncoderOutput } from "@bertkit/layers";
import { type Tensor, UnsupportedError } from "@bertkit/tensor";

/** What an encoder's pooler made, [sequences, width]. Throws `UnsupportedError` for an encoder without one. */
export function pooledOf({ pooled }: EncoderOutput, head: string): Tensor {
  if (pooled) return pooled;
  throw new UnsupportedError(`${head} reads the pooled first token, and this encoder has no pooler: load one that has`);
}
