import type { CheckpointEntry, CheckpointSource } from "@bertkit/checkpoint";
import { type Backend, type Parameter, type Shape, sameShape, showShape, sizeOf } from "@bertkit/tensor";
import { CheckpointMismatchError } from "./errors.js";
import type { NameInFile, NameTable } from "./name-table.js";

interface Wanted extends NameInFile {
  readonly path: string;
  readonly parameter: Parameter;
}

// Large enough to read a disk at full speed, small beside a model: what a load holds twice at any moment.
const pieceBytes = 4 * 2 ** 20;

/** Fills parameters from a checkpoint, all or none; see `Module.load`. */
export async function loadParameters(
  parameters: Iterable<readonly [path: string, parameter: Parameter]>,
  source: CheckpointSource,
  backend: Backend,
  names: NameTable,
  signal?: AbortSignal,
): Promise<{ unused: readonly string[] }> {
  const wanted = Array.from(parameters, ([path, parameter]): Wanted => ({ path, parameter, ...names(path) }));
  const problems = wanted.flatMap((item) => problemOf(item, source.entries.get(item.name)));
  if (problems.length > 0) throw new CheckpointMismatchError(problems);
  try {
    for (const item of wanted) {
      signal?.throwIfAborted();
      item.parameter.allocate(backend);
      await (item.transposed ? readTransposed : readInPieces)(item, source, signal);
    }
  } catch (error) {
    for (const { parameter } of wanted) parameter.dispose();
    throw error;
  }
  const used = new Set(wanted.map(({ name }) => name));
  return { unused: [...source.entries.keys()].filter((name) => !used.has(name)) };
}

function problemOf({ path, parameter, name, transposed }: Wanted, entry: CheckpointEntry | undefined): string[] {
  if (!entry) return [`missing ${name} (for ${path})`];
  const needed = transposed ? [...parameter.shape].reverse() : parameter.shape;
  if (!sameShape(entry.shape, needed)) {
    return [`${name} is ${showShape(entry.shape)}, ${path} needs ${showShape(needed)}`];
  }
  return entry.dtype.includes("float") ? [] : [`${name} is ${entry.dtype}, ${path} needs floating-point numbers`];
}

async function readInPieces(
  { parameter, name }: Wanted,
  source: CheckpointSource,
  signal?: AbortSignal,
): Promise<void> {
  const size = sizeOf(parameter.shape);
  const [rows, width] = rowsAndWidth(parameter.shape);
  const rowsAtOnce = Math.max(1, Math.floor(pieceBytes / 4 / Math.max(1, width)));
  if (rows <= rowsAtOnce) {
    parameter.write(await source.read(name, { into: new Float32Array(size), signal }));
    return;
  }
  const piece = new Float32Array(rowsAtOnce * width);
  for (let from = 0; from < rows; from += rowsAtOnce) {
    signal?.throwIfAborted();
    const to = Math.min(rows, from + rowsAtOnce);
    const into = piece.subarray(0, (to - from) * width);
    parameter.write(await source.read(name, { rows: [from, to], into, signal }), from * width);
  }
}

async function readTransposed(
  { parameter, name }: Wanted,
  source: CheckpointSource,
  signal?: AbortSignal,
): Promise<void> {
  const [rows, columns] = rowsAndWidth(parameter.shape);
  const theirs = await source.read(name, { into: new Float32Array(rows * columns), signal });
  const ours = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) ours[row * columns + column] = theirs[column * rows + row]!;
  }
  parameter.write(ours);
}

const rowsAndWidth = (shape: Shape): [rows: number, width: number] => [shape[0] ?? 1, sizeOf(shape.slice(1))];
