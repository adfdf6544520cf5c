import type { CheckpointEntry, CheckpointSource } from "@bertkit/checkpoint";
import { type Backend, type Parameter, sameShape, showShape } from "@bertkit/tensor";
import { checkLevels } from "./check-levels.js";
import { CheckpointMismatchError } from "./errors.js";
import { problemOfScales } from "./load-quantized.js";
import type { LoadTarget } from "./load-target.js";
import type { LoadOptions, LoadResult } from "./module.js";
import { type NameInFile, ownNames } from "./name-table.js";
import { PieceReader, rowsAndWidth } from "./piece-reader.js";
import { RowQuantizer } from "./row-quantizer.js";
import { TransposedReader } from "./transposed-reader.js";

interface Wanted extends NameInFile, LoadTarget {
  /** Of the scales, where the file has int8 for this weight. */
  readonly scaleName: string | undefined;
}

/** Fills parameters from a checkpoint, all or none; see `Module.load`. */
export async function loadParameters(
  targets: Iterable<LoadTarget>,
  source: CheckpointSource,
  backend: Backend,
  { names = ownNames, signal, onFilled }: LoadOptions,
): Promise<LoadResult> {
  const wanted = Array.from(targets, (target): Wanted => {
    const found = names(target.path);
    const levels = target.quantized && source.entries.get(found.name)?.dtype === "int8";
    return { ...target, ...found, scaleName: levels ? names(target.quantized.scalePath).name : undefined };
  });
  const problems = wanted.flatMap((item) => problemsOf(item, source.entries));
  if (problems.length > 0) throw new CheckpointMismatchError(problems);
  const reader = new PieceReader(source, signal);
  const transposed = new TransposedReader(reader);
  const quantizer = new RowQuantizer();
  try {
    for (const item of wanted) {
      signal?.throwIfAborted();
      for (const parameter of parametersOf(item)) parameter.allocate(backend);
      if (item.transposed) {
        writeFloats(item, quantizer, { floats: await transposed.read(item.name, item.parameter.shape) });
      } else await read(item, reader, quantizer);
      for (const filled of parametersOf(item)) onFilled?.(filled);
    }
  } catch (error) {
    for (const parameter of wanted.flatMap(parametersOf)) parameter.dispose();
    throw error;
  }
  const used = new Set(wanted.flatMap(({ name, scaleName }) => [name, scaleName]));
  return { unused: [...source.entries.keys()].filter((name) => !used.has(name)) };
}

const parametersOf = ({ parameter, quantized }: LoadTarget): Parameter[] =>
  quantized ? [parameter, quantized.scale] : [parameter];

function problemsOf(item: Wanted, entries: ReadonlyMap<string, CheckpointEntry>): string[] {
  const { path, parameter, name, transposed, quantized, scaleName } = item;
  const entry = entries.get(name);
  if (!entry) return [`missing ${name} (for ${path})`];
  const needed = transposed ? [...parameter.shape].reverse() : parameter.shape;
  if (!sameShape(entry.shape, needed)) {
    return [`${name} is ${showShape(entry.shape)}, ${path} needs ${showShape(needed)}`];
  }
  if (quantized && scaleName !== undefined) {
    if (transposed) return [`${name} is int8 and transposed, which ${path} cannot be read from`];
    return problemOfScales(quantized, scaleName, entries.get(scaleName));
  }
  return entry.dtype.includes("float") ? [] : [`${name} is ${entry.dtype}, ${path} needs floating-point numbers`];
}

async function read(item: Wanted, reader: PieceReader, quantizer: RowQuantizer): Promise<void> {
  const { parameter, name, quantized, scaleName } = item;
  const { shape } = parameter;
  if (!quantized || scaleName === undefined) {
    return reader.read({ name, shape, Memory: Float32Array }, (floats, from) => {
      writeFloats(item, quantizer, { floats, from });
    });
  }
  const [, width] = rowsAndWidth(shape);
  await reader.read({ name, shape, Memory: Int8Array }, (levels, from) => {
    checkLevels(levels, quantized.use, name);
    parameter.write(levels, from * width);
  });
  const scale = { name: scaleName, shape: quantized.scale.shape, Memory: Float32Array };
  await reader.read(scale, (scales, from) => quantized.scale.write(scales, from));
}

/** Whole rows from row `from` on, written as what the parameter holds. */
function writeFloats(
  { parameter, quantized }: LoadTarget,
  quantizer: RowQuantizer,
  { floats, from = 0 }: { readonly floats: Float32Array; readonly from?: number },
): void {
  const [, width] = rowsAndWidth(parameter.shape);
  if (!quantized) {
    parameter.write(floats, from * width);
    return;
  }
  const { levels, scales } = quantizer.quantize(floats, width === 0 ? 0 : floats.length / width, quantized.use);
  parameter.write(levels, from * width);
  quantized.scale.write(scales, from);
}
