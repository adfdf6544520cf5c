import { CheckpointError, quoted } from "./checkpoint-error.js";
import type { Values } from "./checkpoint-source.js";
import { isReadable, layouts, type ReadableDType } from "./stored-dtype.js";

/** An array to write. */
export interface NamedArray {
  readonly name: string;
  readonly shape: readonly number[];
  /**
   * The type to store: floats from a `Float32Array` or `Float64Array`, integers and `bool` from an `Int32Array`, int8
   * also from an `Int8Array`.
   */
  readonly dtype: ReadableDType;
  /** Its elements, row-major. */
  readonly values: Values;
}

/** An array to write whose values may be made when their turn comes. */
export interface LazyArray extends Omit<NamedArray, "values"> {
  readonly values: Values | (() => Values | Promise<Values>);
}

/** What is known of an array before its values are. */
export type DescribedArray = Pick<NamedArray, "name" | "shape" | "dtype">;

/** What a format allows. */
export interface ArrayRules {
  readonly mostAxes: number;
  /** Whether a name stands for something else in files of this format. */
  readonly reserves: (name: string) => boolean;
}

/** All that is wrong with arrays that are to be written, a sentence each. */
export function problemsOf(arrays: readonly DescribedArray[], { mostAxes, reserves }: ArrayRules): string[] {
  const problems: string[] = [];
  const names = new Set<string>();
  let total = 0;
  for (const { name, shape, dtype } of arrays) {
    if (names.has(name)) problems.push(`two arrays are called ${quoted(name)}`);
    names.add(name);
    if (reserves(name)) problems.push(`no array may be called ${quoted(name)}`);
    if (isIllFormed(name)) problems.push(`the name ${quoted(name)} has half a surrogate pair`);
    if (!isReadable(dtype)) problems.push(`${quoted(name)}: ${String(dtype)} is no type that can be written`);
    else total += bytesOf(shape, dtype);
    if (shape.length > mostAxes || !shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
      problems.push(`${quoted(name)}: [${shape.slice(0, 8)}] is no shape`);
    }
  }
  if (total > Number.MAX_SAFE_INTEGER) problems.push("the arrays are impossibly large");
  return problems;
}

/** Whether text has half a surrogate pair, which UTF-8 cannot spell. */
export function isIllFormed(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

/** The bytes that an array takes in a file. */
export function bytesOf(shape: readonly number[], dtype: ReadableDType): number {
  return shape.reduce((product, extent) => product * extent, layouts[dtype].bytes);
}

/** The order of the names' UTF-8 bytes, which is not that of JavaScript's UTF-16 units. */
export function compareCodePoints(left: string, right: string): number {
  const common = Math.min(left.length, right.length);
  for (let i = 0; i < common; i++) {
    if (left[i] !== right[i]) return left.codePointAt(i)! - right.codePointAt(i)!;
  }
  return left.length - right.length;
}

/**
 * The values of an array, made now where they are not yet.
 *
 * @throws CheckpointError `argument` where they are not as many as the shape says.
 */
export async function valuesOf(array: LazyArray): Promise<Values> {
  const values = typeof array.values === "function" ? await array.values() : array.values;
  checkLength(array, values);
  return values;
}

/** @throws CheckpointError `argument` where values are not as many as the shape says. */
export function checkLength({ name, shape }: DescribedArray, values: Values): void {
  const wanted = shape.reduce((product, extent) => product * extent, 1);
  if (values.length === wanted) return;
  const problem = `shape [${shape}] has ${wanted} elements, its values ${values.length}`;
  throw new CheckpointError("argument", `${quoted(name)}: ${problem}`);
}
