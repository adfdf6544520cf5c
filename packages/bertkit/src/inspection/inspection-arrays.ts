import type { NamedArray } from "@bertkit/checkpoint";
import { ConfigError } from "@bertkit/layers";
import { type AttentionText, attentionExtents } from "./attention-text.js";

/** What goes on inside an encoder while it reads a text, or a pair of texts; attention or hidden states may be left out. */
export interface InspectedText extends AttentionText {
  /** [tokens, width] each: the embeddings' output, then every layer's. */
  readonly hidden: readonly Float32Array[];
}

/** What `writeSafetensors` takes. */
export interface InspectionFile {
  readonly arrays: readonly NamedArray[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Texts' attention and hidden states as the arrays of a safetensors file. Text `i`, counted from 0, has
 * - `text.i.attention.l`, float32 [heads, tokens, tokens]: the probabilities of layer `l`, counted from 0;
 * - `text.i.hidden.l`, float32 [tokens, width]: `hidden.0` is the embeddings' output, `hidden.l` that of the l-th layer;
 * - `text.i.ranges`, int32 [tokens, 2]: start and end of each token in its text, in UTF-16 units, 0 and 0 for special ones;
 * - `text.i.sequenceIds`, int32 [tokens]: 0 for the first text, 1 for the second, -1 for special tokens.
 *
 * One text alone is text 0. The metadata's `texts` is a JSON array with an object a text: `text`, `pair` where there is
 * one, and `tokens`. Arrays are not copied. Throws `ConfigError` that lists all that does not fit.
 */
export function inspectionArrays(texts: readonly InspectedText[]): InspectionFile {
  const { heads } = attentionExtents("inspectionArrays", texts);
  checkHidden(texts);
  return {
    arrays: texts.flatMap((text, i) =>
      arraysOf(text, heads).map((array) => ({ ...array, name: `text.${i}.${array.name}` })),
    ),
    metadata: { texts: JSON.stringify(texts.map(({ text, pair, tokens }) => ({ text, pair, tokens }))) },
  };
}

function checkHidden(texts: readonly InspectedText[]): void {
  const problems = texts.flatMap(({ tokens, hidden }, i) =>
    hidden.flatMap(({ length }, layer) => {
      if (length % tokens.length === 0 && length === hidden[0]!.length) return [];
      return [
        `text ${i} has ${length} numbers in hidden.${layer}, not as many for each of ${tokens.length} tokens and in each layer`,
      ];
    }),
  );
  if (problems.length > 0) throw new ConfigError("inspectionArrays", problems);
}

function arraysOf({ tokens, ranges, sequenceIds, attention, hidden }: InspectedText, heads: number): NamedArray[] {
  const n = tokens.length;
  const floats = (name: string, shape: number[], values: Float32Array): NamedArray => {
    return { name, shape, dtype: "float32", values };
  };
  return [
    ...attention.map((values, layer) => floats(`attention.${layer}`, [heads, n, n], values)),
    ...hidden.map((values, layer) => floats(`hidden.${layer}`, [n, values.length / n], values)),
    { name: "ranges", shape: [n, 2], dtype: "int32", values: ranges },
    { name: "sequenceIds", shape: [n], dtype: "int32", values: sequenceIds },
  ];
}
