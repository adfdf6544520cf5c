import type { Encoding, SchemaTree } from "hyparquet";
import { deltaBinaryUnpack } from "hyparquet/src/delta.js";
import { readRleBitPackedHybrid } from "hyparquet/src/encoding.js";
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from "hyparquet/src/schema.js";
import type { Page } from "./read-pages.js";

/** Writers make pages of some ten thousand values; more than this are not read into memory. */
const mostValues = 2 ** 24;

/** What the values of a page may grow to that share their beginnings. */
const longestValues = 2 ** 28;

/**
 * Whether decoding a page takes no more memory and time than its size gives a right to: a run of a few bytes can stand
 * for any number of values.
 * @throws {Error} where it does not.
 */
export function checkPage({ header, bytes }: Page, schemaPath: readonly SchemaTree[]): void {
  const path = [...schemaPath];
  const levels = {
    repetition: bitWidth(getMaxRepetitionLevel(path)),
    definition: bitWidth(getMaxDefinitionLevel(path)),
  };
  const first = header.data_page_header;
  const second = header.data_page_header_v2;
  if (header.type === "DICTIONARY_PAGE") {
    checkCount(header.dictionary_page_header?.num_values, bytes.length);
  } else if (header.type === "DATA_PAGE" && first) {
    const count = checkCount(first.num_values);
    const runs = new Runs(bytes, 0);
    if (levels.repetition > 0) runs.checkPrefixed(levels.repetition, count);
    const definitions = runs.at;
    if (levels.definition > 0) runs.checkPrefixed(levels.definition, count);
    const present = () => count - nullsIn(bytes, { at: definitions, count, schemaPath: path });
    checkValues(runs, first.encoding, { count, schemaPath: path, present });
  } else if (header.type === "DATA_PAGE_V2" && second) {
    const count = checkCount(second.num_values);
    const { repetition_levels_byte_length: repetitions, definition_levels_byte_length: definitions } = second;
    if (levels.repetition > 0) new Runs(bytes, 0).check(levels.repetition, count);
    if (levels.definition > 0) new Runs(bytes, repetitions).check(levels.definition, count);
    const present = checkCount(count - second.num_nulls);
    const runs = new Runs(bytes, repetitions + definitions);
    checkValues(runs, second.encoding, { count, schemaPath: path, present: () => present });
  }
}

function checkCount(count: number | undefined, most = mostValues): number {
  if (count !== undefined && count >= 0 && count <= most) return count;
  throw new Error(`a page says it has ${count} values`);
}

interface Values {
  /** Nulls included. */
  readonly count: number;
  readonly schemaPath: SchemaTree[];
  /** How many are no nulls. */
  present(): number;
}

function checkValues(runs: Runs, encoding: Encoding, { count, schemaPath, present }: Values): void {
  const { bytes, at } = runs;
  const element = schemaPath.at(-1)?.element;
  if (encoding === "RLE" && element?.type === "BOOLEAN") {
    if (present() > 0) runs.checkPrefixed(1, count);
  } else if (encoding === "RLE" || encoding === "RLE_DICTIONARY" || encoding === "PLAIN_DICTIONARY") {
    const width = bytes[at] ?? 0;
    if (width > 0 && present() > 0) new Runs(bytes, at + 1).check(width, present());
  } else if (encoding === "BYTE_STREAM_SPLIT") {
    if (present() * (element?.type_length ?? 4) > bytes.length) throw new Error("a page has fewer bytes than values");
  } else if (encoding === "DELTA_BINARY_PACKED") {
    checkBlocks(runs);
  } else if (encoding === "DELTA_BYTE_ARRAY") {
    checkSharedBeginnings(runs, present());
  }
}

function checkBlocks(runs: Runs): void {
  if (runs.at >= runs.bytes.length) return;
  runs.varint(); // the length of a block
  const parts = runs.varint();
  if (parts > 1024) throw new Error(`a page has blocks of ${parts} parts`);
}

/** Each value may begin as the one before: a page of a megabyte could hold a terabyte of text. */
function checkSharedBeginnings({ bytes, at }: Runs, count: number): void {
  if (count === 0) return;
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: at };
  const lengths = new Int32Array(count);
  let total = 0;
  for (let pass = 0; pass < 2; pass++) {
    deltaBinaryUnpack(reader, count, lengths);
    for (const length of lengths) total += length;
  }
  if (total > longestValues) throw new Error(`a page's texts are ${total} bytes long`);
}

function nullsIn(
  bytes: Uint8Array,
  page: { readonly at: number; readonly count: number; readonly schemaPath: SchemaTree[] },
) {
  const most = getMaxDefinitionLevel(page.schemaPath);
  if (most === 0) return 0;
  const levels = new Uint8Array(page.count);
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: page.at };
  readRleBitPackedHybrid(reader, bitWidth(most), levels);
  return levels.reduce((nulls, level) => (level === most ? nulls : nulls + 1), 0);
}

const bitWidth = (most: number): number => 32 - Math.clz32(most);

/** Runs of equal values and of packed bits, as levels and indices are written. */
class Runs {
  constructor(
    readonly bytes: Uint8Array,
    public at: number,
  ) {}

  /** Goes past runs that have their length before them. */
  checkPrefixed(width: number, count: number): void {
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    const end = this.at + 4 + view.getUint32(this.at, true);
    new Runs(this.bytes, this.at + 4).check(width, count);
    this.at = end;
  }

  /** Whether the runs stand for the values that are wanted, up to the padding of the last. */
  check(width: number, count: number): void {
    for (let left = count; left > 0; ) {
      const head = this.varint();
      const isPacked = (head & 1) === 1;
      const values = isPacked ? Math.floor(head / 2) * 8 : Math.floor(head / 2);
      if (values > left + (isPacked ? packedPadding : 0))
        throw new Error(`a page has a run of ${values} values for ${left}`);
      this.at += isPacked ? (values / 8) * width : Math.ceil(width / 8);
      left -= values;
    }
  }

  varint(): number {
    let value = 0;
    for (let scale = 1, length = 1; length <= 5; scale *= 128, length++) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new Error("a page's values are cut off");
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new Error("a page has a number of too many bytes");
  }
}

/** Bits are packed by eight values, and some writers fill up more than the last eight. */
const packedPadding = 512;
