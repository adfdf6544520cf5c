import { Failure } from "../failure.js";
import { cellFromJson, cellToJson, type Json } from "./cell-json.js";
import { float32Of, littleEndian } from "./elements.js";
import { noBytes, type OutputRow, type VectorEncoder } from "./forms/vector-encoder.js";

/** A row as it waits for the others. */
export interface SpooledRow {
  readonly row: OutputRow;
  readonly vector: Float32Array;
}

/** What to spool of rows. */
export interface SpoolOrder {
  /** Whether texts and cells are needed again. */
  readonly keepsRows: boolean;
  /** What the form will refuse of a row, so that it does so now. */
  readonly check?: ((row: OutputRow) => void) | undefined;
}

/**
 * Rows that wait until all vectors are known: for each the length of what follows as JSON (four bytes), text and cells,
 * and the float32 of its vector.
 */
export function spoolEncoder({ keepsRows, check }: SpoolOrder): VectorEncoder {
  return {
    start: () => noBytes,
    append: (row, elements) => {
      check?.(row);
      if (!elements.every(Number.isFinite)) {
        const problem = "the vector of this row has NaN or infinity, which 256 steps cannot say";
        throw new Failure(`${row.place}: ${problem}`, { hint: "use --output-type float32 or float16, which can" });
      }
      const json = keepsRows ? JSON.stringify([row.text, ...row.cells.map(cellToJson)]) : "";
      const length = Buffer.alloc(4);
      length.writeUInt32LE(Buffer.byteLength(json));
      return Buffer.concat([length, Buffer.from(json), littleEndian(elements)]);
    },
    finish: () => noBytes,
    state: () => undefined,
  };
}

/** The rows of a spool, as often as its bytes can be read. */
export async function* readSpool(chunks: AsyncIterable<Uint8Array>, width: number): AsyncGenerator<SpooledRow> {
  let rest: Buffer = Buffer.alloc(0);
  let rows = 0;
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    let at = 0;
    for (;;) {
      const end = recordEnd(rest, at, width);
      if (end === undefined) break;
      rows++;
      yield parseRecord(rest.subarray(at, end), width, `row ${rows}`);
      at = end;
    }
    rest = rest.subarray(at);
  }
  if (rest.length > 0) throw new Error("the spool ends within a row");
}

/** Where the record that begins there ends, if it is there to its end. */
function recordEnd(bytes: Buffer, at: number, width: number): number | undefined {
  if (bytes.length < at + 4) return undefined;
  const end = at + 4 + bytes.readUInt32LE(at) + 4 * width;
  return bytes.length < end ? undefined : end;
}

function parseRecord(bytes: Buffer, width: number, place: string): SpooledRow {
  const start = bytes.length - 4 * width;
  const json = bytes.toString("utf8", 4, start);
  const [text, ...cells]: [string, ...Json[]] = json === "" ? [""] : JSON.parse(json);
  return { row: { text, cells: cells.map(cellFromJson), place }, vector: float32Of(bytes.subarray(start)) };
}
