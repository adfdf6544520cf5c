import type { SchemaElement } from "hyparquet";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { ElementCodec } from "../elements.js";
import type { OutputLimits } from "../vector-output.js";
import { ChunkWriter } from "./parquet-chunks.js";
import { type ParquetValue, parquetColumn } from "./parquet-columns.js";
import { type GroupState, readGroups, rowGroup } from "./parquet-groups.js";
import { elementSchema, vectorValues } from "./parquet-vectors.js";
import type { EncoderOrder, OutputRow, VectorEncoder } from "./vector-encoder.js";

/**
 * Parquet: the kept columns with their types, `text`, and `vector` as a list of elements none of which is absent. A row
 * group is held in memory and then stands for itself.
 * @throws {StateError} where a run cannot be gone on with.
 */
export function parquetEncoder(codec: ElementCodec, { columns, limits, resumption }: EncoderOrder): VectorEncoder {
  const kept = columns.map(parquetColumn);
  const schema = fileSchema(kept, codec);
  const { rows: room, characters } = groupLimits(codec, limits);
  const chunks = new ChunkWriter(kept, codec, resumption?.bytes ?? magic.length);
  const groups: GroupState[] = resumption ? readGroups(resumption.state, resumption.bytes, kept.length + 2) : [];
  const vectors = vectorValues(codec, room);
  let rows: { text: string; values: readonly ParquetValue[] }[] = [];
  let size = 0;

  const valuesOf = ({ cells, place }: OutputRow) => kept.map((column, i) => column.toValue(cells[i] ?? null, place));
  const endGroup = (): Uint8Array => {
    const { bytes, group } = chunks.write(rows, vectors);
    groups.push(group);
    rows = [];
    size = 0;
    return bytes;
  };
  return {
    start: () => magic,
    append: (row, elements) => {
      const values = valuesOf(row);
      vectors.set(rows.length, elements);
      rows.push({ text: row.text, values });
      size += row.text.length + values.reduce((sum: number, value) => sum + charactersOf(value), 0);
      return rows.length === room || size >= characters ? endGroup() : undefined;
    },
    finish: () => {
      const last = rows.length > 0 ? endGroup() : new Uint8Array(0);
      return Buffer.concat([last, footer(schema, groups, chunks)]);
    },
    state: () => [...groups],
    check: valuesOf,
  };
}

const magic: Uint8Array = Buffer.from("PAR1");

/** About as much memory for vectors as the limit says, but not so few rows that reading them costs more than they do. */
function groupLimits({ width }: ElementCodec, { groupBytes, groupRows }: OutputLimits) {
  const rows = Math.floor(groupBytes / (Float32Array.BYTES_PER_ELEMENT * width));
  return { rows: Math.min(Math.max(rows, groupRows.min), groupRows.max), characters: 4 * groupBytes };
}

function fileSchema(kept: readonly { element: SchemaElement }[], { type }: ElementCodec): SchemaElement[] {
  return [
    { name: "root", num_children: kept.length + 2 },
    ...kept.map(({ element }) => element),
    { name: "text", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
    { name: "vector", converted_type: "LIST", repetition_type: "REQUIRED", num_children: 1 },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    elementSchema(type),
  ];
}

function footer(schema: SchemaElement[], groups: readonly GroupState[], chunks: ChunkWriter): Uint8Array {
  const writer = new ByteWriter();
  const file = new ParquetWriter({ writer, schema, statistics: false, createdBy: "bertkit" });
  // It has begun a file with the magic bytes; ours has them, and much more, already.
  writer.index = 0;
  writer.offset = chunks.offset;
  file.row_groups = groups.map((group) => rowGroup(group, chunks.kinds));
  file.num_rows = BigInt(groups.reduce((sum, { rows }) => sum + rows, 0));
  file.finish();
  return writer.getBytes();
}

function charactersOf(value: ParquetValue): number {
  return typeof value === "string" ? value.length : 8;
}
