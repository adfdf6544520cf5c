import { MetricError, shown } from "./metric-error.js";

/** What is compared item by item: an array, or numbers of a typed array. */
export type List<T> = { readonly length: number; readonly [index: number]: T };

/** Throws a MetricError unless two lists are of one length and hold at least `least` items. */
export function checkLists(what: string, gold: List<unknown>, predicted: List<unknown>, least = 1): void {
  if (gold.length !== predicted.length)
    throw new MetricError("length", `${what}: ${gold.length} gold values, but ${predicted.length} predicted ones`);
  if (gold.length < least)
    throw new MetricError("empty", `${what} needs at least ${least} pairs of values, and there are ${gold.length}`);
}

/** Throws a MetricError that names the first value of a list that is no number, or is NaN or infinite. */
export function checkFinite(what: string, values: List<number>): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw new MetricError("value", `${what} is of finite numbers, and value ${i} is ${shown(values[i])}`);
}
