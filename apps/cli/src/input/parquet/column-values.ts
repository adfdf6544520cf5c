import type { ColumnChunk, ColumnMetaData, DecodedArray, RowGroup, SchemaTree } from "hyparquet";
import { assembleNested } from "hyparquet/src/assemble.js";
import { readPage } from "hyparquet/src/column.js";
import { convert } from "hyparquet/src/convert.js";
import { getTreePath, isFlatColumn } from "hyparquet/src/schema.js";
import { Failure } from "../../failure.js";
import { checkPage } from "./check-page.js";
import { cellParsers } from "./parquet-cells.js";
import type { ParquetFile } from "./parquet-file.js";
import { encrypted } from "./read-footer.js";
import { readPages } from "./read-pages.js";

/** Values of a nested column that are put together at once, its row group. */
const mostNestedValues = 2 ** 24;

/** A column of a file: a node below the root of its schema. */
export interface FileColumn {
  readonly file: ParquetFile;
  readonly schema: SchemaTree;
  readonly node: SchemaTree;
}

/**
 * The values of a column in a row group, a page at a time; those of a nested column all at once, because its rows are
 * put together from several columns whose pages end at different places.
 */
export async function* columnValues(column: FileColumn, group: RowGroup): AsyncGenerator<DecodedArray> {
  const { file, schema, node } = column;
  const { name } = node.element;
  const chunks = group.columns
    .map((chunk) => metadataOf(chunk, file))
    .filter(({ path_in_schema: [top] }) => top === name);
  const [first] = chunks;
  if (!first) throw new Error(`a row group lacks the column "${name}"`);
  if (isFlatColumn(getTreePath(schema, first.path_in_schema))) yield* leafValues(column, first);
  else yield await nestedValues(column, chunks);
}

function metadataOf(chunk: ColumnChunk, file: ParquetFile): ColumnMetaData {
  if (chunk.crypto_metadata || chunk.encrypted_column_metadata) throw encrypted(file.name);
  if (chunk.file_path) throw new Error(`its data is in another file, ${chunk.file_path}`);
  if (!chunk.meta_data) throw new Error("a column has no metadata");
  return chunk.meta_data;
}

async function nestedValues(column: FileColumn, chunks: readonly ColumnMetaData[]): Promise<DecodedArray> {
  const { node, file } = column;
  const values = new Map<string, DecodedArray>();
  for (const chunk of chunks) {
    if (chunk.num_values > mostNestedValues) throw tooLarge(file.name, node.element.name);
    const pieces: DecodedArray[] = [];
    for await (const piece of leafValues(column, chunk)) pieces.push(piece);
    values.set(
      chunk.path_in_schema.join("."),
      pieces.flatMap((piece) => Array.from<unknown>(piece)),
    );
  }
  assembleNested(values, node, cellParsers);
  const assembled = values.get(node.element.name);
  if (!assembled) throw new Error(`the column "${node.element.name}" cannot be put together`);
  return assembled;
}

/** What the pages of a leaf of the schema hold; a page that begins within a row goes on with the piece before. */
async function* leafValues({ file, schema }: FileColumn, metadata: ColumnMetaData): AsyncGenerator<DecodedArray> {
  const { path_in_schema: pathInSchema, type } = metadata;
  const schemaPath = getTreePath(schema, pathInSchema);
  const element = (schemaPath.at(-1) as SchemaTree).element;
  const isFlat = isFlatColumn(schemaPath);
  const decoder = {
    pathInSchema,
    type,
    element,
    schemaPath,
    codec: "UNCOMPRESSED",
    parsers: cellParsers,
    utf8: false,
  } as const;
  let dictionary: DecodedArray | undefined;
  let last: DecodedArray | undefined;
  let count = 0;
  for await (const page of readPages(file, metadata)) {
    checkPage(page, schemaPath);
    const { header, bytes } = page;
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
    const { data } = readPage(reader, header, decoder, dictionary, isFlat ? undefined : last, 0);
    if (header.type === "DICTIONARY_PAGE") {
      dictionary = data && convert(data, decoder);
    } else if (data) {
      if (last && data !== last) yield last;
      last = data;
      count += data.length;
    }
    if (!isFlat && count > mostNestedValues) throw tooLarge(file.name, pathInSchema.join("."));
  }
  if (last) yield last;
}

function tooLarge(name: string, column: string): Failure {
  const hint = "write the file with smaller row groups, of a million rows, say";
  return new Failure(`${name}: a row group has too many values of "${column}" to be put together`, { hint });
}
