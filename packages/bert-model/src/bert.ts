import type { ConfiguredEncoder } from "@bertkit/encoder-family";
import {
  activationNamed,
  type EncoderOutput,
  type ForwardOptions,
  Linear,
  Module,
  type PackedBatch,
  TransformerBlock,
} from "@bertkit/layers";
import {
  type Backend,
  gatherRows,
  needsGradient,
  ShapeError,
  Tensor,
  tanh,
  tidy,
  truncatedNormal,
} from "@bertkit/tensor";
import type { BertConfig } from "./config/bert-config.js";
import { BertEmbeddings } from "./embeddings.js";

/** The encoder of Devlin et al. 2019: embeddings, a stack of Transformer blocks, a pooler over the first token. */
export class Bert extends Module implements ConfiguredEncoder<BertConfig> {
  readonly embeddings: BertEmbeddings;
  readonly blocks: readonly TransformerBlock[];
  readonly pooler: Linear | undefined;
  readonly #config: BertConfig;

  constructor(config: BertConfig) {
    super();
    const initializer = truncatedNormal(config.initializerDeviation);
    const activation = activationNamed(config.activation);
    this.embeddings = new BertEmbeddings(config, initializer);
    this.blocks = Array.from(
      { length: config.layers },
      () => new TransformerBlock({ ...config, activation, initializer }),
    );
    this.pooler = config.pooler ? new Linear(config.width, config.width, { initializer }) : undefined;
    this.#config = config;
  }

  get config(): BertConfig {
    return this.#config;
  }

  /**
   * hidden [tokens, width], pooled [sequences, width]; every block's output and attention weights on request.
   * The caller disposes of what it gets, or calls this inside `tidy`. Throws `ShapeError` for a batch that does not fit.
   */
  forward(batch: PackedBatch, options: ForwardOptions = {}): EncoderOutput {
    checkBatch(batch);
    let output: EncoderOutput | undefined;
    // All in one scope, so that nothing stays behind when a block finds no memory.
    tidy(() => {
      output = this.#run(batch, options);
      return [output.hidden, ...output.layers, ...output.attention, ...(output.pooled ? [output.pooled] : [])];
    });
    return output!;
  }

  #run(batch: PackedBatch, { random, layers = false, attention }: ForwardOptions): EncoderOutput {
    const { offsets } = batch;
    let hidden = tidy(() => this.embeddings.forward(batch, random));
    const keptLayers: Tensor[] = layers ? [hidden] : [];
    const keptWeights: Tensor[] = [];
    for (const block of this.blocks) {
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
    const { pooler } = this;
    const pooled = pooler && tidy(() => pooler.forward(gatherRows(hidden, firstRows(this.backend, offsets)), tanh));
    return { hidden, layers: keptLayers, attention: keptWeights, pooled, offsets };
  }
}

/** int32 [sequences]: where each sequence begins. */
const firstRows = (backend: Backend, offsets: Int32Array): Tensor => Tensor.from(backend, offsets.slice(0, -1));

function checkBatch({ ids, typeIds, positions, offsets }: PackedBatch): void {
  const ascending = offsets.every((offset, i) => i === 0 || offset > offsets[i - 1]!);
  if (offsets[0] !== 0 || offsets.at(-1) !== ids.length || !ascending) {
    throw new ShapeError(
      `a packed batch needs offsets that rise from 0 to its ${ids.length} tokens, no sequence empty, got [${offsets.slice(0, 8).join(", ")}${offsets.length > 8 ? ", …" : ""}]`,
    );
  }
  if (typeIds.length !== ids.length || positions.length !== ids.length) {
    throw new ShapeError(
      `a packed batch of ${ids.length} ids has ${typeIds.length} type ids and ${positions.length} positions`,
    );
  }
}
