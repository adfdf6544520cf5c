import type { Stage } from "./normalization.js";
import { bertNormalization, references } from "./reference.js";
import type { TokenizerSettings } from "./settings.js";
import { type Span, textOf } from "./span.js";
import { splitWords, type Word } from "./split-words.js";

/** The normalisation that settings ask for, as one stage. */
export function normalizationOf({ normalizer, normalization, reference }: TokenizerSettings): Stage {
  if (normalizer !== undefined) return normalizer.normalize;
  const stages = bertNormalization(normalization, references[reference]);
  return (spans) => stages.reduce((changed, stage) => stage(changed), spans);
}

/** How settings cut normalised text into words. */
export function wordsOf({ preTokenizer, reference }: TokenizerSettings): (spans: readonly Span[]) => readonly Word[] {
  if (preTokenizer !== undefined) return (spans) => (textOf(spans) === "" ? [] : preTokenizer.split([spans]));
  const { classify } = references[reference];
  return (spans) => splitWords(spans, classify);
}
