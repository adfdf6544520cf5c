import { extname } from "node:path";
import { usageFailure } from "../failure.js";
import { findInputs, type Input } from "../input/find-inputs.js";
import type { InputFlags } from "../input/open-rows.js";
import { readInput } from "../input/read-input.js";
import { VectorCheck } from "./check-vector.js";
import type { Corpus, CorpusRow, WantedWidth } from "./corpus.js";
import type { NpyType } from "./npy-header.js";
import { NumberRows } from "./number-rows.js";

/** A file of nothing but vectors. */
export interface VectorFile {
  readonly input: Input;
  /** How its numbers are stored; undefined where it says so itself. */
  readonly type: NpyType | undefined;
}

/**
 * The files of vectors that the flags name; undefined where they are of texts, or of rows.
 * @throws {Failure} for files of both kinds, and for what is not there or cannot be read.
 */
export async function findVectorFiles({ input, format }: InputFlags): Promise<readonly VectorFile[] | undefined> {
  const named = [input ?? []].flat();
  if (format !== undefined || !named.some((name) => typeOfExtension.has(extensionOf(name)))) return undefined;
  // Any format of text serves to find them: none is read as text.
  const inputs = await findInputs(named, "lines");
  const [other] = inputs.filter(({ path }) => !typeOfExtension.has(extensionOf(path ?? "")));
  if (other) {
    const hint = "search them one after the other";
    throw usageFailure(`some inputs are files of vectors, but ${other.name} is not`, hint);
  }
  return inputs.map((input) => ({ input, type: typeOfExtension.get(extensionOf(input.path ?? "")) }));
}

/** Their rows, which have no texts; headers of files are read now, so that a wrong one fails early. */
export async function vectorFileCorpus(
  files: readonly VectorFile[],
  { keep, id, field }: InputFlags,
  signal: AbortSignal,
): Promise<Corpus> {
  if (keep !== undefined || id !== undefined || field !== undefined) {
    throw usageFailure(
      "--field, --keep and --id are for files with columns, these have vectors alone",
      "leave them out",
    );
  }
  for (const file of files) {
    if (file.type === undefined && file.input.size !== undefined) await checkHeader(file, signal);
  }
  const types = new Set<NpyType>();
  const sizes = files.map(({ input }) => input.size);
  return {
    hasVectors: true,
    isRaw: files.some(({ type }) => type !== undefined),
    extent: sizes.reduce((sum, size) => (sum === undefined || size === undefined ? undefined : sum + size), 0),
    columns: [],
    rows: (wanted) => rowsOf(files, { wanted, types, signal }),
    warning: () => (types.has("|i1") || types.has("|u1") ? roughWarning : undefined),
  };
}

const roughWarning =
  "int8 and uint8 vectors have lost the ranges they were made with: scores are some hundredths off, and their order here and there";

interface Reading {
  readonly wanted: WantedWidth | undefined;
  /** Of the numbers that were read. */
  readonly types: Set<NpyType>;
  readonly signal: AbortSignal;
}

async function* rowsOf(files: readonly VectorFile[], { wanted, types, signal }: Reading): AsyncGenerator<CorpusRow> {
  const check = new VectorCheck(wanted);
  let start = 0;
  for (const { input, type } of files) {
    const rows = new NumberRows(readInput(input, start, signal), input.name);
    try {
      if (type === undefined) await rows.readHeader();
      else rows.expect(type, wanted?.width ?? 0);
      types.add(rows.type);
      check.checkWidth(rows.width, input.name);
      for await (const { vector, place, position } of rows.vectors()) {
        yield { vector: check.check(vector, place), place, position, text: "", cells: [] };
      }
    } finally {
      await rows.close();
    }
    start += input.size ?? 0;
  }
}

async function checkHeader({ input }: VectorFile, signal: AbortSignal): Promise<void> {
  const rows = new NumberRows(readInput(input, 0, signal), input.name);
  try {
    await rows.readHeader();
  } finally {
    await rows.close();
  }
}

/** The extension, without that of a compression. */
function extensionOf(path: string): string {
  return extname(path.replace(/\.(gz|zst)$/i, "")).toLowerCase();
}

const typeOfExtension: ReadonlyMap<string, NpyType | undefined> = new Map([
  [".npy", undefined],
  [".f32", "<f4"],
  [".bin", "<f4"],
  [".f16", "<f2"],
  [".i8", "|i1"],
  [".u8", "|u1"],
]);
