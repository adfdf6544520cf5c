import type { DecodedArray, SchemaElement } from "hyparquet";
import { ByteWriter } from "hyparquet-writer";
import { writeColumn } from "hyparquet-writer/src/column.js";
import { snappyCompress } from "hyparquet-writer/src/snappy.js";
import type { ElementCodec } from "../elements.js";
import type { ParquetColumn, ParquetValue } from "./parquet-columns.js";
import { type ChunkKind, type ChunkState, chunkState, type GroupState } from "./parquet-groups.js";
import { elementSchema, type VectorValues } from "./parquet-vectors.js";

/** A row but for its vector. */
interface GroupRow {
  readonly text: string;
  readonly values: readonly ParquetValue[];
}

type Levels = Pick<Parameters<typeof writeColumn>[0]["pageData"], "definitionLevels" | "repetitionLevels">;

/** A column as all its chunks are written. */
interface ChunkColumn {
  readonly path: readonly SchemaElement[];
  readonly kind: ChunkKind;
  readonly encoding: "PLAIN" | "RLE_DICTIONARY" | undefined;
  readonly maxDefinitionLevel: number;
}

/**
 * Turns row groups into bytes. It calls the library's writer of a column itself: its writer of tables takes lists as
 * arrays of arrays, which for vectors is six times as slow and needs ten times the memory of what is written.
 */
export class ChunkWriter {
  /** What the footer says of all chunks of each column. */
  readonly kinds: readonly ChunkKind[];
  readonly #kept: readonly ChunkColumn[];
  readonly #text: ChunkColumn;
  readonly #vector: ChunkColumn;
  #levels: Levels & { readonly rows: number };
  readonly #width: number;
  readonly #writer = new ByteWriter(2 ** 20);

  /** `offset`: where in the file its first bytes will stand. */
  constructor(kept: readonly ParquetColumn[], codec: ElementCodec, offset: number) {
    this.#kept = kept.map(({ element }) => flatColumn(element));
    this.#text = flatColumn({ name: "text", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" });
    this.#vector = vectorColumn(codec);
    this.#width = codec.width;
    this.#levels = { rows: 0, definitionLevels: [], repetitionLevels: [] };
    this.#writer.offset = offset;
    this.kinds = [...this.#kept, this.#text, this.#vector].map(({ kind }) => kind);
  }

  /** Bytes of the file so far. */
  get offset(): number {
    return this.#writer.offset;
  }

  /** The bytes of a row group, and what the footer is to say of it. */
  write(rows: readonly GroupRow[], vectors: VectorValues): { bytes: Uint8Array; group: GroupState } {
    this.#writer.index = 0;
    const kept = this.#kept.map((column, i) => {
      const values = rows.map((row) => row.values[i] as ParquetValue);
      const definitionLevels = values.map((value) => (value === null ? 0 : 1));
      return this.#chunk(column, values, { definitionLevels, repetitionLevels: [] });
    });
    const texts = rows.map(({ text }) => text);
    const text = this.#chunk(this.#text, texts, { definitionLevels: [], repetitionLevels: [] });
    const vector = this.#chunk(this.#vector, vectors.first(rows.length), this.#levelsOf(rows.length));
    const bytes = Buffer.from(this.#writer.getBytes());
    return { bytes, group: { rows: rows.length, chunks: [...kept, text, vector] } };
  }

  #chunk({ path, kind, encoding, maxDefinitionLevel }: ChunkColumn, values: DecodedArray, levels: Levels): ChunkState {
    const column = {
      columnName: kind.path_in_schema.join("."),
      element: path.at(-1) as SchemaElement,
      schemaPath: [{ name: "root" }, ...path],
      codec: kind.codec,
      compressors: { SNAPPY: snappyCompress },
      stats: false,
      pageSize: 2 ** 20,
      columnIndex: false,
      offsetIndex: false,
      ...(encoding ? { encoding } : {}),
    };
    const pageData = { values, maxDefinitionLevel, ...levels };
    return chunkState(writeColumn({ writer: this.#writer, column, pageData }).chunk);
  }

  /** Those of the group before serve again, since all but the last are of one size. */
  #levelsOf(rows: number): Levels {
    if (this.#levels.rows !== rows) this.#levels = { rows, ...listLevels(rows, this.#width) };
    return this.#levels;
  }
}

/** A column of plain values. Only strings may share a dictionary: numbers would lose the sign of zero in it. */
function flatColumn(element: SchemaElement): ChunkColumn {
  const { name, type, converted_type, repetition_type } = element;
  if (!type) throw new Error(`column ${name} has no type`);
  // JSON arrives as text; told that it is JSON, the library would spell it once more.
  const written = converted_type === "JSON" ? ({ ...element, converted_type: "UTF8" } as const) : element;
  return {
    path: [written],
    kind: { type, path_in_schema: [name], codec: "SNAPPY" },
    encoding: type === "BYTE_ARRAY" ? undefined : "PLAIN",
    maxDefinitionLevel: repetition_type === "OPTIONAL" ? 1 : 0,
  };
}

/** A column of lists. 256 different numbers make a dictionary, and a byte of each; float bits are plain. */
function vectorColumn({ type }: ElementCodec): ChunkColumn {
  const { logical_type: _, ...element } = elementSchema(type); // its bytes are made already
  if (!element.type) throw new Error("vectors have no type");
  return {
    path: [
      { name: "vector", repetition_type: "REQUIRED", converted_type: "LIST", num_children: 1 },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      element,
    ],
    kind: { type: element.type, path_in_schema: ["vector", "list", "element"], codec: "UNCOMPRESSED" },
    encoding: element.type === "INT32" ? "RLE_DICTIONARY" : "PLAIN",
    maxDefinitionLevel: 1,
  };
}

/** Of lists none of which is absent or empty: where each begins. */
function listLevels(rows: number, width: number): Levels {
  const count = rows * width;
  return {
    definitionLevels: new Array<number>(count).fill(1),
    repetitionLevels: Array.from({ length: count }, (_, i) => (i % width === 0 ? 0 : 1)),
  };
}
