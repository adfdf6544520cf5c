import type { largestLevels, Parameter } from "@bertkit/tensor";

/** What a load fills: a parameter, or an int8 weight together with its scales. */
export interface LoadTarget {
  readonly path: string;
  readonly parameter: Parameter;
  readonly quantized?: QuantizedTarget;
}

/** What an int8 weight needs beside its levels, and what they are for. */
export interface QuantizedTarget {
  /** [rows] */
  readonly scale: Parameter;
  readonly scalePath: string;
  readonly use: keyof typeof largestLevels;
}

/** The targets of a part, its int8 `weight` and `scale` made one. */
export function* quantizedTargets(
  targets: Iterable<LoadTarget>,
  { weight, scale }: { readonly weight: Parameter; readonly scale: Parameter },
  use: QuantizedTarget["use"],
): Generator<LoadTarget> {
  const all = [...targets];
  const scalePath = all.find(({ parameter }) => parameter === scale)!.path;
  for (const target of all) {
    if (target.parameter === weight) yield { ...target, quantized: { scale, scalePath, use } };
    else if (target.parameter !== scale) yield target;
  }
}
