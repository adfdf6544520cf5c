import {
  type AttentionContext,
  DecoderBlock,
  Embedding,
  LayerNorm,
  Module,
  SinusoidalEmbedding,
  TransformerBlock,
} from "@bertkit/layers";
import {
  add,
  crossEntropy,
  dropout,
  gatherRows,
  linear,
  normal,
  type RandomStream,
  relu,
  scale,
  Tensor,
} from "@bertkit/tensor";
import type { Sequences } from "./sequences.js";

export interface TransformerOptions {
  readonly vocabulary: number;
  readonly width: number;
  readonly heads: number;
  readonly innerWidth: number;
  /** Of the encoder, and as many of the decoder. */
  readonly blocks: number;
  /** Tokens of a sequence at most. */
  readonly positions: number;
  /** Of the embeddings and of every part's output, when a random stream is given. Default 0. */
  readonly dropoutRate?: number;
}

/**
 * The Transformer (Vaswani et al. 2017): an encoder reads the source, a decoder looks at it and writes the target. One
 * table serves both sides and the logits (section 3.4). A LayerNorm ends each stack, as in torch.nn.Transformer.
 */
export class Transformer extends Module {
  readonly embedding: Embedding;
  readonly encoder: readonly TransformerBlock[];
  readonly encoderNorm: LayerNorm;
  readonly decoder: readonly DecoderBlock[];
  readonly decoderNorm: LayerNorm;
  readonly width: number;
  readonly dropoutRate: number;
  readonly #waves: SinusoidalEmbedding;

  constructor({ vocabulary, width, heads, innerWidth, blocks, positions, dropoutRate = 0 }: TransformerOptions) {
    super();
    const initializer = normal(width ** -0.5);
    const epsilon = 1e-5;
    const block = { width, heads, innerWidth, epsilon, activation: relu, hiddenDropout: dropoutRate, initializer };
    this.embedding = new Embedding(vocabulary, width, initializer);
    this.encoder = Array.from({ length: blocks }, () => new TransformerBlock(block));
    this.encoderNorm = new LayerNorm(width, epsilon);
    this.decoder = Array.from({ length: blocks }, () => new DecoderBlock(block));
    this.decoderNorm = new LayerNorm(width, epsilon);
    this.width = width;
    this.dropoutRate = dropoutRate;
    this.#waves = new SinusoidalEmbedding(positions, width);
  }

  /** What the decoder looks at. → [source tokens, width] */
  encode(source: Sequences, random?: RandomStream): Tensor {
    let x = this.#embed(source, random);
    for (const block of this.encoder) x = block.forward(x, source.offsets, { random }).hidden;
    return this.encoderNorm.forward(x);
  }

  /** Each row has seen the target up to its own token, and all of the source. → [target tokens, width] */
  decode(target: Sequences, context: AttentionContext, random?: RandomStream): Tensor {
    let x = this.#embed(target, random);
    for (const block of this.decoder) x = block.forward(x, target.offsets, { context, random }).hidden;
    return this.decoderNorm.forward(x);
  }

  /** How likely each token comes next. hidden [rows, width] → [rows, vocabulary] */
  logits(hidden: Tensor): Tensor {
    return linear(hidden, this.embedding.weight);
  }

  /** Mean over all target tokens that have a token before them: each is foretold from those. → [] */
  loss(source: Sequences, target: Sequences, random?: RandomStream): Tensor {
    const context = { hidden: this.encode(source, random), offsets: source.offsets };
    const hidden = this.decode(target, context, random);
    const foretold = Int32Array.from(target.positions.keys()).filter((row) => target.positions[row]! > 0);
    const before = Tensor.from(
      hidden.backend,
      foretold.map((row) => row - 1),
    );
    const labels = foretold.map((row) => target.ids[row]!);
    return crossEntropy(this.logits(gatherRows(hidden, before)), labels);
  }

  /** Section 3.4: the embeddings times √width, and the waves of section 3.5. */
  #embed({ ids, positions }: Sequences, random?: RandomStream): Tensor {
    const tokens = scale(this.embedding.forward(ids), Math.sqrt(this.width));
    return dropout(add(tokens, this.#waves.forward(positions, this.backend)), this.dropoutRate, random);
  }
}
