import { ConfigError } from "@bertkit/layers";
import { type AttentionText, attentionExtents } from "./attention-text.js";
import { packWeights, type WeightBytes } from "./page/pack-weights.js";
import { pageBody } from "./page/page-body.js";
import { pageScript, scriptHash } from "./page/page-script.js";
import { pageStyle, styleHash } from "./page/page-style.js";

export interface AttentionPageOptions {
  /** The page's heading. Default "Attention". */
  readonly title?: string | undefined;
}

/**
 * Probabilities that a page holds at most: layers × heads × tokens² of all its texts. 512 tokens through the 384 heads of
 * BERT-large have 100 million: a page of 134 MB, which still opens.
 */
export const attentionPageLimit = 2 ** 27;

/** Up to here a page keeps two bytes a weight, 16 MB: a pair of 100 tokens through 144 heads has 1.4 million. */
const mostInTwoBytes = 2 ** 23;

/**
 * One HTML page that shows texts' attention: a map of every layer and head, and of those that are chosen a heat map, the
 * lines from token to token, and their numbers. It holds all it needs and its policy lets it load nothing; texts are
 * shown as text whatever is in them.
 *
 * Probabilities are kept in two bytes, right to 0.00001; from 2^23 of all texts together on in one, right to 0.004 and
 * small ones more closely; the page says which. 512 tokens through 12 layers of 12 heads make 50 MB. Throws
 * `ConfigError` for texts that do not fit their attention or each other, for none, and beyond `attentionPageLimit`.
 */
export function attentionPage(texts: readonly AttentionText[], options: AttentionPageOptions = {}): string {
  const { title = "Attention" } = options;
  const { layers, heads } = attentionExtents("attentionPage", texts);
  const weights = texts.reduce((sum, { tokens }) => sum + layers * heads * tokens.length ** 2, 0);
  if (weights === 0)
    throw new ConfigError("attentionPage", ["it wanted a text with the attention of one layer or more"]);
  if (weights > attentionPageLimit) {
    throw new ConfigError("attentionPage", [
      `a page holds up to ${attentionPageLimit} probabilities, these texts have ${weights}: give it fewer or shorter ones`,
    ]);
  }
  const bytes = weights <= mostInTwoBytes ? 2 : 1;
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<link rel="icon" href="data:,">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${pageStyle}</style>`,
    "</head>",
    "<body>",
    pageBody(escapeHtml(title)),
    ...dataElements(texts, { layers, heads, bytes }),
    `<script>${pageScript}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** Nothing may be loaded, and nothing run but this page's own script; the icon is an empty one, so that none is asked for. */
const policy = [
  "default-src 'none'",
  `script-src '${scriptHash}'`,
  `style-src '${styleHash}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

interface PageExtents {
  readonly layers: number;
  readonly heads: number;
  readonly bytes: WeightBytes;
}

/** What the script reads: a JSON of all but the weights, and an element for each layer of each text. */
function* dataElements(texts: readonly AttentionText[], extents: PageExtents): Generator<string> {
  const shown = texts.map(({ text, pair, tokens, ranges, sequenceIds }) => ({
    text,
    pair,
    tokens,
    ranges: [...ranges],
    sequenceIds: [...sequenceIds],
  }));
  yield `<script type="application/json" id="data">${scriptJson({ ...extents, texts: shown })}</script>`;
  for (const [text, { attention }] of texts.entries()) {
    for (const [layer, weights] of attention.entries()) {
      const packed = packWeights(weights, extents.bytes);
      yield `<script type="text/plain" id="weights-${text}-${layer}">${packed}</script>`;
    }
  }
}

/** Without `<`, so that nothing in it ends the element or opens a comment; a lone surrogate stays an escape. */
const scriptJson = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
