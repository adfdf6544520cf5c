import { type Shape, sizeOf } from "@bertkit/tensor";

/** Extents, and for each operand how far one step along each of them moves. */
export interface Walk {
  readonly extents: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/** How far one step along each axis of `out` moves in an array of `shape` that is broadcast to it: 0 if repeated. */
export function broadcastStrides(shape: Shape, out: Shape): number[] {
  const missing = out.length - shape.length;
  return out.map((_, axis) => {
    const own = axis - missing;
    return own < 0 || shape[own] === 1 ? 0 : sizeOf(shape.slice(own + 1));
  });
}

/**
 * The same walk with as few axes as possible: extents of 1 go, and neighbours that every operand crosses evenly join.
 */
export function joined({ extents, strides }: Walk): Walk {
  const kept: number[] = [];
  const moves: number[][] = strides.map(() => []);
  for (const [axis, extent] of extents.entries()) {
    if (extent === 1) continue;
    const steps = strides.map((own) => own[axis]!);
    const joins = kept.length > 0 && steps.every((step, i) => moves[i]!.at(-1) === step * extent);
    if (joins) kept[kept.length - 1]! *= extent;
    else kept.push(extent);
    for (const [i, step] of steps.entries()) {
      if (joins) moves[i]![kept.length - 1] = step;
      else moves[i]!.push(step);
    }
  }
  return { extents: kept, strides: moves };
}

/** The parameters that `walkText` reads, as types. */
export const walkTypes = (rank: number, operands: readonly string[]): Record<string, "u32"> =>
  Object.fromEntries(walkNames(rank, operands).map((name) => [name, "u32"]));

/** The parameters that `walkText` reads, as numbers. */
export function walkValues({ extents, strides }: Walk, operands: readonly string[]): Record<string, number> {
  const values = [...extents, ...operands.flatMap((_, i) => strides[i]!)];
  return Object.fromEntries(walkNames(extents.length, operands).map((name, i) => [name, values[i]!]));
}

/** From `index`, the number of an element, to where it lies in each operand: variables `<operand>At`. */
export function walkText(rank: number, operands: readonly string[], index: string): string {
  const lines = [`var rest = ${index};`, ...operands.map((operand) => `var ${operand}At = 0u;`)];
  for (let axis = rank - 1; axis >= 0; axis--) {
    lines.push(`let step${axis} = rest % p.extent${axis};`, `rest /= p.extent${axis};`);
    for (const operand of operands) lines.push(`${operand}At += step${axis} * p.${operand}Stride${axis};`);
  }
  return lines.map((line) => `  ${line}`).join("\n");
}

function walkNames(rank: number, operands: readonly string[]): string[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return [
    ...axes.map((axis) => `extent${axis}`),
    ...operands.flatMap((operand) => axes.map((axis) => `${operand}Stride${axis}`)),
  ];
}
