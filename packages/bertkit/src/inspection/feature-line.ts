import { ConfigError } from "@bertkit/layers";
import { sixDecimals } from "./six-decimals.js";

/** One layer's hidden states of a text. */
export interface FeatureLayer {
  /** As it was asked for: Google counts from the last layer, which is -1. */
  readonly index: number;
  /** [tokens, width] */
  readonly values: Float32Array;
}

/**
 * A text's hidden states as a line of Google's `extract_features.py` writes them, to the byte and without the line's
 * end: `{"linex_index": 0, "features": [{"token": "[CLS]", "layers": [{"index": -1, "values": [0.1, …]}]}]}`. Numbers
 * have six decimals, characters beyond ASCII are escaped. Throws `ConfigError` for layers that do not hold a row a
 * token, and for numbers that JSON cannot say.
 */
export function featureLine(index: number, tokens: readonly string[], layers: readonly FeatureLayer[]): string {
  checkLayers(tokens.length, layers);
  const features = tokens.map((token, row) => {
    const rows = layers.map(({ index, values }) => {
      const width = values.length / tokens.length;
      return `{"index": ${index}, "values": [${sixDecimals(values.subarray(row * width, (row + 1) * width))}]}`;
    });
    return `{"token": ${asciiJson(token)}, "layers": [${rows.join(", ")}]}`;
  });
  return `{"linex_index": ${index}, "features": [${features.join(", ")}]}`;
}

function checkLayers(tokens: number, layers: readonly FeatureLayer[]): void {
  const problems = layers.flatMap(({ index, values }) => {
    if (tokens === 0 ? values.length > 0 : values.length % tokens !== 0) {
      return [`layer ${index} has ${values.length} values, which is no whole row for each of ${tokens} tokens`];
    }
    const at = values.findIndex((value) => !Number.isFinite(value));
    return at < 0 ? [] : [`layer ${index} holds ${values[at]} at ${at}, which JSON cannot say`];
  });
  if (problems.length > 0) throw new ConfigError("featureLine", problems);
}

/** As `json.dumps` spells a string: what is not printable ASCII by its UTF-16 units, in lower-case digits. */
const asciiJson = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
