import type { AttentionForwardOptions, EncoderOutput, ForwardOptions, PackedBatch } from "@bertkit/layers";
import {
  type Activation,
  type Backend,
  gatherRows,
  needsGradient,
  type RandomStream,
  Tensor,
  tanh,
  tidy,
} from "@bertkit/tensor";
import { checkBatch } from "./check-batch.js";

/** What an encoder is made of: what embeds a batch, a stack of blocks, and maybe a layer over the first token. */
export interface EncoderParts {
  readonly embeddings: {
    /** A packed batch → [tokens, width] */
    forward(batch: PackedBatch, random?: RandomStream): Tensor;
  };
  /** In the order in which they run; one that several layers share stands here once for each. */
  readonly blocks: readonly {
    /** [tokens, width] → [tokens, width], as `TransformerBlock` has it */
    forward(
      x: Tensor,
      offsets: Int32Array,
      options?: AttentionForwardOptions,
    ): { readonly hidden: Tensor; readonly weights: Tensor | undefined };
  }[];
  readonly pooler?:
    | {
        /** [sequences, width] → [sequences, width] */
        forward(first: Tensor, activation?: Activation): Tensor;
      }
    | undefined;
  /** What the pooler's output goes through; default `tanh`. */
  readonly poolerActivation?: Activation;
}

/**
 * hidden [tokens, width], pooled [sequences, width]; every block's output and attention weights on request. The caller
 * disposes of what it gets, or calls this inside `tidy`. Throws `ShapeError` for a batch that does not fit.
 */
export function encodeBatch(parts: EncoderParts, batch: PackedBatch, options: ForwardOptions = {}): EncoderOutput {
  checkBatch(batch);
  let output: EncoderOutput | undefined;
  // All in one scope, so that nothing stays behind when a block finds no memory.
  tidy(() => {
    output = runBlocks(parts, batch, options);
    return [output.hidden, ...output.layers, ...output.attention, ...(output.pooled ? [output.pooled] : [])];
  });
  return output!;
}

function runBlocks(
  { embeddings, blocks, pooler, poolerActivation = tanh }: EncoderParts,
  batch: PackedBatch,
  { random, layers = false, attention }: ForwardOptions,
): EncoderOutput {
  const { offsets } = batch;
  let hidden = tidy(() => embeddings.forward(batch, random));
  const keptLayers: Tensor[] = layers ? [hidden] : [];
  const keptWeights: Tensor[] = [];
  for (const block of blocks) {
    const input = hidden;
    const [output, weights] = tidy(() => {
      const result = block.forward(input, offsets, { random, kept: attention });
      return result.weights ? ([result.hidden, result.weights] as const) : ([result.hidden] as const);
    });
    hidden = output;
    if (weights) keptWeights.push(weights);
    if (layers) keptLayers.push(hidden);
    // What a gradient will walk back through must stay until then.
    else if (!needsGradient(hidden)) input.dispose();
  }
  const pooled =
    pooler && tidy(() => pooler.forward(gatherRows(hidden, firstRows(hidden.backend, offsets)), poolerActivation));
  return { hidden, layers: keptLayers, attention: keptWeights, pooled, offsets };
}

/** int32 [sequences]: where each sequence begins. */
const firstRows = (backend: Backend, offsets: Int32Array): Tensor => Tensor.from(backend, offsets.slice(0, -1));
