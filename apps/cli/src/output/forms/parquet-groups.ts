import type { ColumnChunk, RowGroup } from "hyparquet";
import { StateError } from "./vector-encoder.js";

/** What the footer says of a row group, in numbers that JSON can hold. */
export interface GroupState {
  readonly rows: number;
  readonly chunks: readonly ChunkState[];
}

/** What it says of a column's part of it. */
export interface ChunkState {
  readonly values: number;
  readonly offset: number;
  readonly dataOffset: number;
  readonly dictionaryOffset: number | null;
  readonly compressed: number;
  readonly uncompressed: number;
  readonly encodings: readonly Encoding[];
}

type Encoding = NonNullable<ColumnChunk["meta_data"]>["encodings"][number];

/** What all chunks of a column have in common. */
export type ChunkKind = Pick<NonNullable<ColumnChunk["meta_data"]>, "type" | "path_in_schema" | "codec">;

/** The state of a chunk that was just written. */
export function chunkState({ meta_data: written, file_offset }: ColumnChunk): ChunkState {
  if (!written) throw new Error("a written chunk says nothing of itself");
  const { dictionary_page_offset: dictionary } = written;
  return {
    values: Number(written.num_values),
    offset: Number(file_offset),
    dataOffset: Number(written.data_page_offset),
    dictionaryOffset: dictionary === undefined ? null : Number(dictionary),
    compressed: Number(written.total_compressed_size),
    uncompressed: Number(written.total_uncompressed_size),
    encodings: written.encodings,
  };
}

/** A row group as the footer holds it. */
export function rowGroup({ rows, chunks }: GroupState, kinds: readonly ChunkKind[]): RowGroup {
  const total = (size: "compressed" | "uncompressed") => BigInt(chunks.reduce((sum, chunk) => sum + chunk[size], 0));
  return {
    columns: chunks.map((chunk, column) => columnChunk(chunk, kinds[column] as ChunkKind)),
    total_byte_size: total("uncompressed"),
    total_compressed_size: total("compressed"),
    num_rows: BigInt(rows),
  };
}

/**
 * The row groups of an interrupted run.
 * @throws {StateError} where they don't lie end to end in a file of so many bytes.
 */
export function readGroups(state: unknown, bytes: number, columns: number): GroupState[] {
  if (!Array.isArray(state) || !state.every((group) => isGroup(group, columns))) throw new StateError();
  const groups: GroupState[] = state;
  let end = 4; // behind the first four bytes, PAR1
  for (const { offset, compressed } of groups.flatMap(({ chunks }) => chunks)) {
    if (offset !== end) throw new StateError();
    end += compressed;
  }
  if (end !== bytes) throw new StateError();
  return groups;
}

function columnChunk(chunk: ChunkState, kind: ChunkKind): ColumnChunk {
  const dictionary = chunk.dictionaryOffset;
  return {
    file_offset: BigInt(chunk.offset),
    meta_data: {
      ...kind,
      encodings: [...chunk.encodings],
      num_values: BigInt(chunk.values),
      total_compressed_size: BigInt(chunk.compressed),
      total_uncompressed_size: BigInt(chunk.uncompressed),
      data_page_offset: BigInt(chunk.dataOffset),
      ...(dictionary === null ? {} : { dictionary_page_offset: BigInt(dictionary) }),
    },
  };
}

function isGroup(value: unknown, columns: number): value is GroupState {
  const { rows, chunks } = (value ?? {}) as Partial<Record<keyof GroupState, unknown>>;
  return isCount(rows) && Array.isArray(chunks) && chunks.length === columns && chunks.every(isChunk);
}

function isChunk(value: unknown): value is ChunkState {
  const chunk = (value ?? {}) as Partial<Record<keyof ChunkState, unknown>>;
  const counts = [chunk.values, chunk.offset, chunk.dataOffset, chunk.compressed, chunk.uncompressed];
  return (
    counts.every(isCount) &&
    (chunk.dictionaryOffset === null || isCount(chunk.dictionaryOffset)) &&
    Array.isArray(chunk.encodings) &&
    chunk.encodings.every((encoding) => typeof encoding === "string" && knownEncodings.has(encoding))
  );
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Those that the writer chooses by itself. */
const knownEncodings: ReadonlySet<string> = new Set(["PLAIN", "RLE", "RLE_DICTIONARY"]);
