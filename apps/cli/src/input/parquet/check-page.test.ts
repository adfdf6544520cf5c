import { describe, expect, test } from "@jest/globals";
import type { DataPageHeader, Encoding, PageHeader, ParquetType, SchemaElement, SchemaTree } from "hyparquet";
import { checkPage } from "./check-page.js";
import type { Page } from "./read-pages.js";

const node = (element: SchemaElement): SchemaTree => ({ element, children: [], count: 1, path: [] });
const root = node({ name: "root" });

type DataPageHeaderV2 = NonNullable<PageHeader["data_page_header_v2"]>;

/** The path of a column that may be null. */
const column = (type: ParquetType, more: Partial<SchemaElement> = {}): SchemaTree[] => [
  root,
  node({ name: "a", type, repetition_type: "OPTIONAL", ...more }),
];
const list: SchemaTree[] = [root, node({ name: "a", type: "INT32", repetition_type: "REPEATED" })];

function page(count: number, encoding: Encoding, bytes: readonly number[]): Page {
  const header: DataPageHeader = {
    num_values: count,
    encoding,
    definition_level_encoding: "RLE",
    repetition_level_encoding: "RLE",
  };
  return { header: { ...sizes(bytes), type: "DATA_PAGE", data_page_header: header }, bytes: Uint8Array.from(bytes) };
}

function pageOfVersion2(header: Partial<DataPageHeaderV2>, bytes: readonly number[]): Page {
  const full = { num_values: 8, num_nulls: 0, num_rows: 8, encoding: "PLAIN", ...header } as DataPageHeaderV2;
  return {
    header: { ...sizes(bytes), type: "DATA_PAGE_V2", data_page_header_v2: full },
    bytes: Uint8Array.from(bytes),
  };
}

const sizes = ({ length }: readonly number[]) => ({ compressed_page_size: length, uncompressed_page_size: length });

/** Eight definition levels, all 1, with their length before them. */
const present = [2, 0, 0, 0, 16, 1];
/** A run of 2^27 equal values. */
const longRun = [0x80, 0x80, 0x80, 0x80, 0x01, 1];

describe("checkPage lets pass", () => {
  test.each<[string, Page, SchemaTree[]]>([
    ["plain values", page(8, "PLAIN", [...present, 1, 2, 3]), column("INT32")],
    ["levels as packed bits", page(8, "PLAIN", [2, 0, 0, 0, 3, 0xff]), column("INT32")],
    ["indices of a dictionary", page(8, "RLE_DICTIONARY", [...present, 3, 16, 5]), column("BYTE_ARRAY")],
    ["indices of a dictionary of one", page(8, "RLE_DICTIONARY", [...present, 0]), column("BYTE_ARRAY")],
    ["packed bits up to the next eight", page(5, "RLE_DICTIONARY", [2, 0, 0, 0, 10, 1, 1, 3, 0xff]), column("INT32")],
    ["booleans in runs", page(8, "RLE", [...present, 2, 0, 0, 0, 16, 1]), column("BOOLEAN")],
    ["a page of nulls", page(8, "RLE_DICTIONARY", [2, 0, 0, 0, 16, 0]), column("BYTE_ARRAY")],
    ["repetitions", page(8, "PLAIN", [2, 0, 0, 0, 16, 0, ...present]), list],
    [
      "version 2",
      pageOfVersion2({ definition_levels_byte_length: 2, repetition_levels_byte_length: 0 }, [16, 1]),
      column("INT32"),
    ],
  ])("%s", (_what, given, path) => {
    expect(() => checkPage(given, path)).not.toThrow();
  });
});

describe("checkPage refuses", () => {
  test.each<[string, Page, SchemaTree[], RegExp]>([
    [
      "a run of levels for more values",
      page(8, "PLAIN", [6, 0, 0, 0, ...longRun]),
      column("INT32"),
      /run of 134217728 values/,
    ],
    [
      "packed levels for more values",
      page(8, "PLAIN", [6, 0, 0, 0, 0x81, 0x80, 0x80, 0x08, 1]),
      column("INT32"),
      /run of/,
    ],
    [
      "a run of indices for more values",
      page(8, "RLE_DICTIONARY", [...present, 3, ...longRun]),
      column("INT32"),
      /run of/,
    ],
    [
      "a run of booleans for more values",
      page(8, "RLE", [...present, 6, 0, 0, 0, ...longRun]),
      column("BOOLEAN"),
      /run of/,
    ],
    ["a run of repetitions", page(8, "PLAIN", [6, 0, 0, 0, ...longRun]), list, /run of/],
    ["levels that end", page(8, "PLAIN", [1, 0, 0, 0, 2]), column("INT32"), /cut off/],
    [
      "a number that does not end",
      page(8, "PLAIN", [9, 0, 0, 0, ...new Array<number>(9).fill(0x80)]),
      column("INT32"),
      /too many/,
    ],
    ["more values than memory", page(2 ** 30, "PLAIN", present), column("INT32"), /says it has 1073741824 values/],
    ["fewer values than none", page(-1, "PLAIN", present), column("INT32"), /says it has -1 values/],
    [
      "blocks of a million parts",
      page(8, "DELTA_BINARY_PACKED", [...present, 8, 0xc0, 0x84, 0x3d]),
      column("INT64"),
      /parts/,
    ],
    [
      "long values in a short page",
      page(8, "BYTE_STREAM_SPLIT", present),
      column("FIXED_LEN_BYTE_ARRAY", { type_length: 2 ** 30 }),
      /fewer bytes/,
    ],
    [
      "nulls more than values",
      pageOfVersion2({ num_nulls: 9, definition_levels_byte_length: 2, repetition_levels_byte_length: 0 }, [16, 1]),
      column("INT32"),
      /says it has -1 values/,
    ],
    [
      "levels of version 2",
      pageOfVersion2({ definition_levels_byte_length: 6, repetition_levels_byte_length: 0 }, longRun),
      column("INT32"),
      /run of/,
    ],
  ])("%s", (_what, given, path, message) => {
    expect(() => checkPage(given, path)).toThrow(message);
  });

  test("texts that grow by sharing their beginnings", () => {
    // Two streams of deltas: all prefixes are 2^26 long, all rests are empty.
    const prefixes = [128, 1, 4, 8, 0x80, 0x80, 0x80, 0x40, 0, 0, 0, 0, 0];
    const rests = [128, 1, 4, 8, 0, 0, 0, 0, 0, 0];
    const given = page(8, "DELTA_BYTE_ARRAY", [...present, ...prefixes, ...rests]);
    expect(() => checkPage(given, column("BYTE_ARRAY"))).toThrow(/texts are 536870912 bytes long/);
  });

  test("a dictionary of more values than bytes", () => {
    const header = { num_values: 9, encoding: "PLAIN", is_sorted: false } as const;
    const given: Page = {
      header: { ...sizes([1]), type: "DICTIONARY_PAGE", dictionary_page_header: header },
      bytes: Uint8Array.of(1),
    };
    expect(() => checkPage(given, column("INT32"))).toThrow(/says it has 9 values/);
  });
});
