import { Embedding, LayerNorm, Module, type PackedBatch, TransformerBlock } from "@bertkit/layers";
import { add, crossEntropy, dropout, gatherRows, geluTanh, linear, type RandomStream, Tensor } from "@bertkit/tensor";

export interface Gpt2Options {
  readonly vocabulary: number;
  readonly width: number;
  readonly heads: number;
  readonly blocks: number;
  /** Tokens of a sequence at most. */
  readonly positions: number;
  /** Of every LayerNorm. Default 1e-5. */
  readonly epsilon?: number;
  /** Of embeddings, probabilities and every part's output, when a random stream is given. Default 0. */
  readonly dropoutRate?: number;
}

/** Token ids of several sequences end to end, with each one's position in its sequence. */
export type Sequences = Omit<PackedBatch, "typeIds">;

/** GPT-2 (Radford et al. 2019, section 2.3): pre-LN blocks that look back only; one table for tokens and logits. */
export class Gpt2 extends Module {
  readonly tokens: Embedding;
  readonly positions: Embedding;
  readonly blocks: readonly TransformerBlock[];
  readonly norm: LayerNorm;
  readonly dropoutRate: number;

  constructor({ vocabulary, width, heads, blocks, positions, epsilon = 1e-5, dropoutRate = 0 }: Gpt2Options) {
    super();
    this.tokens = new Embedding(vocabulary, width);
    this.positions = new Embedding(positions, width);
    const block = { width, heads, innerWidth: 4 * width, epsilon, activation: geluTanh, causal: true } as const;
    const rates = { hiddenDropout: dropoutRate, attentionDropout: dropoutRate };
    this.blocks = Array.from({ length: blocks }, () => new TransformerBlock({ ...block, ...rates, norm: "pre" }));
    this.norm = new LayerNorm(width, epsilon);
    this.dropoutRate = dropoutRate;
  }

  /** The embeddings and every block's output, the last one normalised: [tokens, width] each. */
  layers({ ids, positions, offsets }: Sequences, random?: RandomStream): Tensor[] {
    const embedded = add(this.tokens.forward(ids), this.positions.forward(positions));
    const layers = [dropout(embedded, this.dropoutRate, random)];
    for (const block of this.blocks) layers.push(block.forward(layers.at(-1)!, offsets, { random }).hidden);
    return [...layers.slice(0, -1), this.norm.forward(layers.at(-1)!)];
  }

  /** Each row has seen its sequence up to its own token. → [tokens, width] */
  forward(sequences: Sequences, random?: RandomStream): Tensor {
    return this.layers(sequences, random).at(-1)!;
  }

  /** How likely each token comes next. hidden [rows, width] → [rows, vocabulary] */
  logits(hidden: Tensor): Tensor {
    return linear(hidden, this.tokens.weight);
  }

  /** Mean over all tokens that have a token before them: each is foretold from those. → [] */
  loss(sequences: Sequences, random?: RandomStream): Tensor {
    const hidden = this.forward(sequences, random);
    const foretold = Int32Array.from(sequences.positions.keys()).filter((row) => sequences.positions[row]! > 0);
    const before = Tensor.from(
      hidden.backend,
      foretold.map((row) => row - 1),
    );
    const labels = foretold.map((row) => sequences.ids[row]!);
    return crossEntropy(this.logits(gatherRows(hidden, before)), labels);
  }
}
