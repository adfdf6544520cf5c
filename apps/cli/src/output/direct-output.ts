import type { Row } from "../rows/row.js";
import type { Destination } from "./destination.js";
import type { ElementCodec } from "./elements.js";
import type { VectorEncoder } from "./forms/vector-encoder.js";
import type { VectorOutput } from "./vector-output.js";

/** An output that others read while it is written: standard output, a pipe, a device. Cannot be gone on with. */
export class DirectOutput implements VectorOutput {
  readonly resumedRows = 0;
  readonly tally = { tokens: 0, truncated: 0 };

  constructor(
    readonly destination: Destination,
    readonly encoder: VectorEncoder,
    readonly codec: ElementCodec,
  ) {}

  async *remaining(rows: AsyncIterable<Row>): AsyncGenerator<Row> {
    yield* rows;
  }

  async write(row: Row, vector: Float32Array): Promise<void> {
    const bytes = this.encoder.append(row, this.codec.convert(vector));
    // A stream may keep the bytes until they have left, and the vector's memory is the caller's.
    if (bytes) await this.destination.write(Buffer.from(bytes));
  }

  async complete(): Promise<void> {
    await this.destination.write(this.encoder.finish());
    await this.destination.complete();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.destination[Symbol.asyncDispose]());
  }
}
