import { CheckpointError, type CheckpointSource, openArchive, openCheckpoint } from "@bertkit/checkpoint";
import type { Input } from "../parser.js";

/** What came of an input: `read`, `listed` where nothing could be read of what opened, or the code of the error. */
export type Outcome = string;

// An archive may unpack to so much here, and no more is read of arrays that take the same bytes again and again.
const unpackLimit = 2 ** 25;
const mostElements = 2 ** 22;
const mostElementsOfAll = 2 ** 23;

/**
 * Opens an input and reads all that it has.
 *
 * @throws whatever the package throws that is no `CheckpointError`.
 */
export async function tryInput(input: Input): Promise<Outcome> {
  try {
    return input.isArchive ? await readArchive(input) : await readCheckpoint(input);
  } catch (error) {
    if (error instanceof CheckpointError) return error.code;
    throw error;
  }
}

async function readArchive({ files }: Input): Promise<Outcome> {
  const [bytes = new Uint8Array(0)] = files.values();
  const archive = await openArchive(bytes, { unpackLimit });
  try {
    const codes = await codesOf(archive.names, (name) => archive.readText(name));
    await codesOf([""], async () => {
      const source = await archive.openCheckpoint();
      await readArrays(source);
      await source.close();
    });
    return outcomeOf(codes);
  } finally {
    await archive.close();
  }
}

async function readCheckpoint({ files }: Input): Promise<Outcome> {
  const source = await openCheckpoint(files.get("") ?? filesOf(files), { unpackLimit });
  try {
    return await readArrays(source);
  } finally {
    await source.close();
  }
}

function filesOf(files: ReadonlyMap<string, Uint8Array>): File[] {
  return Array.from(files, ([name, bytes]) => new File([new Uint8Array(bytes)], name));
}

async function readArrays(source: CheckpointSource): Promise<Outcome> {
  let left = mostElementsOfAll;
  const codes = await codesOf(source.entries, async ([name, { shape }]) => {
    const elements = shape.reduce((product, extent) => product * extent, 1);
    if (elements > mostElements || elements > left) return;
    left -= elements;
    const values = await source.read(name);
    if (values.length !== elements) throw new Error(`${elements} elements were listed, ${values.length} read`);
    const [rows = 0] = shape;
    if (rows > 0) await source.read(name, { rows: [rows - 1, rows] });
  });
  return outcomeOf(codes);
}

/** The codes of the errors that reading ends in, undefined for what can be read. */
async function codesOf<Item>(
  items: Iterable<Item>,
  read: (item: Item) => Promise<unknown>,
): Promise<(string | undefined)[]> {
  const codes: (string | undefined)[] = [];
  for (const item of items) {
    try {
      await read(item);
      codes.push(undefined);
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      codes.push(error.code);
    }
  }
  return codes;
}

function outcomeOf(codes: readonly (string | undefined)[]): Outcome {
  if (codes.includes(undefined)) return "read";
  return codes[0] === undefined ? "empty" : `opened, then ${codes[0]}`;
}
