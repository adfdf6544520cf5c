import type { ColumnMetaData, PageHeader } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import type { ParquetFile } from "./parquet-file.js";
import { structEnd } from "./thrift.js";
import { unpackPage } from "./unpack-page.js";

/** A page with its bytes as if they had not been compressed; its header says so too. */
export interface Page {
  readonly header: PageHeader;
  readonly bytes: Uint8Array;
}

/** Writers make pages of a megabyte; larger ones than this are not read into memory. */
const largestPage = 2 ** 28;

/** Bytes read at once at least, while there are so many. */
const windowBytes = 2 ** 18;

/** A column's pages in a row group, the dictionary first, read one at a time. */
export async function* readPages(file: ParquetFile, metadata: ColumnMetaData): AsyncGenerator<Page> {
  const start = Number(metadata.dictionary_page_offset || metadata.data_page_offset);
  const cursor = new Cursor(file, start, start + Number(metadata.total_compressed_size));
  // Some writers leave a byte behind the last page.
  while (cursor.left > 1) {
    const header = await cursor.header();
    const size = header.compressed_page_size;
    if (!(size >= 0 && size <= largestPage && size <= cursor.left)) throw new Error(`a page says it has ${size} bytes`);
    const packed = await cursor.take(size);
    if (header.type !== "INDEX_PAGE") yield await unpacked(header, packed, metadata);
  }
}

async function unpacked(header: PageHeader, packed: Uint8Array, { codec }: ColumnMetaData): Promise<Page> {
  const size = header.uncompressed_page_size;
  if (!(size >= 0 && size <= largestPage)) throw new Error(`a page says it has ${size} bytes`);
  const v2 = header.type === "DATA_PAGE_V2" ? header.data_page_header_v2 : undefined;
  // The levels of a page of the second version are not compressed.
  const levels = v2 ? v2.definition_levels_byte_length + v2.repetition_levels_byte_length : 0;
  if (!(levels >= 0 && levels <= size && levels <= packed.length))
    throw new Error(`a page has ${levels} bytes of levels`);
  const isPacked = v2?.is_compressed !== false;
  const values = await unpackPage(packed.subarray(levels), size - levels, isPacked ? codec : "UNCOMPRESSED");
  const bytes = levels === 0 ? values : Buffer.concat([packed.subarray(0, levels), values]);
  return {
    header: {
      ...header,
      compressed_page_size: size,
      uncompressed_page_size: size,
      ...(v2 && { data_page_header_v2: { ...v2, is_compressed: false } }),
    },
    bytes,
  };
}

/** Goes through a stretch of a file. */
class Cursor {
  #window: Uint8Array = new Uint8Array(0);

  constructor(
    readonly file: ParquetFile,
    public at: number,
    readonly end: number,
  ) {}

  get left(): number {
    return this.end - this.at;
  }

  async header(): Promise<PageHeader> {
    // Headers may hold the least and greatest value of the page, and those may be long.
    for (let size = windowBytes / 4; ; size *= 4) {
      const bytes = await this.#peek(size);
      const end = structEnd(bytes, 0);
      if (end === undefined && bytes.length < this.left && size <= largestPage) continue;
      if (end === undefined) throw new Error("a page's header is cut off");
      const view = new DataView(bytes.buffer, bytes.byteOffset, end);
      await this.take(end);
      return parquetHeader({ view, offset: 0 });
    }
  }

  /** The next bytes, past which the cursor goes. */
  async take(size: number): Promise<Uint8Array> {
    const bytes = (await this.#peek(size)).subarray(0, size);
    this.#window = this.#window.subarray(size);
    this.at += size;
    return bytes;
  }

  /** The bytes that come next: so many or more, or all that are left. */
  async #peek(size: number): Promise<Uint8Array> {
    const wanted = Math.min(size, this.left);
    if (this.#window.length < wanted) {
      this.#window = await this.file.read(this.at, this.at + Math.min(Math.max(wanted, windowBytes), this.left));
    }
    return this.#window;
  }
}
