import { type FileMetaData, parquetMetadata } from "hyparquet";
import { Failure } from "../../failure.js";
import type { ParquetFile } from "./parquet-file.js";
import { structEnd } from "./thrift.js";

/** Magic number and length after the metadata, and the magic number that a file begins with. */
const tailBytes = 8;
const headBytes = 4;

/** Some kilobytes in most files; a longer one than this is not read into memory. */
const longestFooter = 2 ** 28;

/**
 * What a file says about its columns and row groups.
 * @throws {Failure} for what is not Parquet, or is encrypted.
 * @throws {Error} for what is broken.
 */
export async function readFooter(file: ParquetFile): Promise<FileMetaData> {
  const { name, size } = file;
  if (size < headBytes + tailBytes) throw notParquet(name);
  const tail = Buffer.from(await file.read(size - tailBytes, size));
  const magic = tail.toString("latin1", 4);
  if (magic === "PARE") throw encrypted(name);
  if (magic !== "PAR1") throw (await beginsAsParquet(file)) ? cutOff(name) : notParquet(name);
  const length = tail.readUInt32LE();
  if (length > size - headBytes - tailBytes) throw new Error("its metadata is longer than the file");
  if (length > longestFooter) throw new Error(`its metadata is longer than ${longestFooter / 2 ** 20} MiB`);
  const footer = await file.read(size - tailBytes - length, size);
  if (structEnd(footer.subarray(0, length), 0) === undefined) throw new Error("its metadata is cut off");
  const metadata = parquetMetadata(footer, { geoparquet: false });
  if (metadata.schema.some(({ name }) => typeof name !== "string")) throw new Error("a column has no name");
  return metadata;
}

/** An error for a file whose data only a key opens. */
export function encrypted(name: string): Failure {
  return new Failure(`${name}: this Parquet file is encrypted`, { hint: "write it again without encryption" });
}

async function beginsAsParquet(file: ParquetFile): Promise<boolean> {
  return Buffer.from(await file.read(0, headBytes)).toString("latin1") === "PAR1";
}

function cutOff(name: string): Failure {
  const hint = "fetch or copy it again: its end is missing";
  return new Failure(`${name}: this Parquet file ends in the middle`, { hint });
}

function notParquet(name: string): Failure {
  return new Failure(`${name}: this is not Parquet`, { hint: "--format says how the texts lie in it" });
}
