/** The page's data, what is chosen of it, and the weights of that: read where they are first asked for. */
export const readPage = `
/** @typedef {{ text: string, pair?: string, tokens: string[], ranges: number[], sequenceIds: number[] }} PageText */

/** @type {{ layers: number, heads: number, bytes: number, texts: PageText[] }} */
const data = JSON.parse(element("data", HTMLScriptElement).text);

/** What is shown: a token is the one kept or pointed at, as a query or as a key; -1 for none. */
const state = { text: 0, layer: 0, heads: [0], kept: -1, pointed: -1, side: "query", row: 0, column: 0, zoom: 1 };

const shownText = () => /** @type {PageText} */ (data.texts[state.text]);
const activeToken = () => (state.pointed >= 0 ? state.pointed : state.kept);

/** By level, as pack-weights.ts makes them. */
const probabilities = Float32Array.from({ length: 256 ** data.bytes }, (_, level) =>
  data.bytes === 2 ? level / 65535 : (level / 255) ** 2,
);
/** How many decimals mean something. */
const decimals = data.bytes === 2 ? 4 : 3;

/** @type {Map<number, Uint8Array | Uint16Array>} */
const layersRead = new Map();

/** The levels of a layer of the shown text, [heads, tokens, tokens]. @param {number} layer */
function levelsOf(layer) {
  const known = layersRead.get(layer);
  if (known) return known;
  const binary = atob(element("weights-" + state.text + "-" + layer, HTMLScriptElement).text);
  const levels = new (data.bytes === 2 ? Uint16Array : Uint8Array)(binary.length / data.bytes);
  for (let i = 0; i < levels.length; i++) {
    levels[i] =
      data.bytes === 2 ? binary.charCodeAt(2 * i) | (binary.charCodeAt(2 * i + 1) << 8) : binary.charCodeAt(i);
  }
  layersRead.set(layer, levels);
  return levels;
}

/** A head's weights, [tokens, tokens]. @param {number} layer @param {number} head */
function weightsOf(layer, head) {
  const weights = new Float32Array(shownText().tokens.length ** 2);
  const levels = levelsOf(layer);
  const first = head * weights.length;
  for (let i = 0; i < weights.length; i++) weights[i] = probabilities[levels[first + i] ?? 0] ?? 0;
  return weights;
}

/** The mean of the chosen heads, [tokens, tokens]; readChosen makes it. */
let means = new Float32Array();

function readChosen() {
  const [first = 0, ...others] = state.heads;
  means = weightsOf(state.layer, first);
  for (const head of others) {
    const weights = weightsOf(state.layer, head);
    for (let i = 0; i < means.length; i++) means[i] = (means[i] ?? 0) + (weights[i] ?? 0);
  }
  for (let i = 0; i < means.length; i++) means[i] = (means[i] ?? 0) / state.heads.length;
}

/** @param {number} query @param {number} key */
const meanWeight = (query, key) => means[query * shownText().tokens.length + key] ?? 0;

/** What the active token gives to another, or as a key is given by it; without one, what all give on average. @param {number} other */
function activeWeight(other) {
  const active = activeToken();
  if (active >= 0) return state.side === "query" ? meanWeight(active, other) : meanWeight(other, active);
  const { tokens } = shownText();
  return tokens.reduce((sum, _, query) => sum + meanWeight(query, other), 0) / tokens.length;
}

/** @template {Element} Kind @param {string} id @param {new () => Kind} kind @returns {Kind} */
function element(id, kind) {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error("this page lacks its #" + id);
}
`;
