import { constant, gatherQuantizedRows, Parameter, quantizeRows, Tensor } from "@bertkit/tensor";
import { type Embedding, expectRows } from "./embedding.js";
import { type LoadTarget, quantizedTargets } from "./load-target.js";
import { Module } from "./module.js";

/**
 * An Embedding whose rows are int8 with a scale for each, for inference: a quarter of the memory. int32 [n] → [n, width].
 * It loads from int8 as from floats, which are quantised as they come.
 */
export class QuantizedEmbedding extends Module implements Embedding {
  /** int8 [count, width], as `quantizeRows` makes it */
  readonly weight: Parameter;
  /** [count] */
  readonly scale: Parameter;

  constructor(count: number, width: number) {
    super();
    this.weight = new Parameter([count, width], constant(0), { dtype: "int8" });
    this.scale = new Parameter([count], constant(0));
  }

  /** The same rows in int8; where `embedding` holds no numbers, this one holds none. `embedding` keeps its own. */
  static async from(embedding: Embedding): Promise<QuantizedEmbedding> {
    const [count, width] = embedding.weight.shape as readonly [number, number];
    const quantized = new QuantizedEmbedding(count, width);
    if (!embedding.weight.trainable) quantized.freeze();
    if (!embedding.weight.placed) return quantized;
    const { backend } = embedding.weight;
    const { levels, scales } = quantizeRows(await embedding.weight.read(), width, "quantizedRows");
    try {
      quantized.weight.place(backend, levels);
      quantized.scale.place(backend, scales);
      return quantized;
    } catch (error) {
      quantized[Symbol.dispose]();
      throw error;
    }
  }

  override *loadTargets(path = ""): Generator<LoadTarget> {
    yield* quantizedTargets(super.loadTargets(path), this, "quantizedRows");
  }

  /** ids [n] → [n, width]. Throws `ShapeError` for an id that has no row. */
  forward(ids: Int32Array): Tensor {
    expectRows(ids, this.weight.shape[0]!);
    return gatherQuantizedRows(this.weight, this.scale, Tensor.from(this.weight.backend, ids));
  }
}
