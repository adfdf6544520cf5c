/** Lines from queries to keys, each head in its colour. */
export const drawLines = `
/** Without an active token, lighter lines are left out: they would be a grey sheet. */
const leastOfAll = 0.05;
const leastOfOne = 0.002;
/** Pixels of a canvas' height at most: browsers have their bounds. */
const mostPixels = 16000;

function drawLines() {
  for (const [id, side] of /** @type {const} */ ([["queries", "query"], ["keys", "key"]])) {
    element(id, HTMLElement).replaceChildren(
      ...shownText().tokens.map((_, i) => {
        const item = tokenElement("li", i);
        item.onpointerenter = () => pointAt(i, side);
        item.onpointerleave = () => pointAt(-1, side);
        item.onclick = () => keepToken(i);
        return item;
      }),
    );
  }
  shadeLines();
}

const linesCanvas = () => /** @type {HTMLCanvasElement} */ (element("lines", HTMLElement).children[1]);

function shadeLines() {
  const active = activeToken();
  for (const [id, side] of [["queries", "query"], ["keys", "key"]]) {
    for (const [i, item] of Array.from(element(id ?? "", HTMLElement).children).entries()) {
      if (!(item instanceof HTMLElement)) continue;
      item.classList.toggle("active", i === active && side === state.side);
      shade(item, active < 0 || side === state.side ? 0 : activeWeight(i));
    }
  }
  const canvas = linesCanvas();
  const { clientWidth: width } = canvas;
  const { clientHeight: height } = element("queries", HTMLElement);
  canvas.style.height = height + "px";
  const scale = Math.min(devicePixelRatio, mostPixels / Math.max(1, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(scale, scale);
  for (const head of state.heads) strokeHead(context, head, { width, row: height / shownText().tokens.length });
}

/** Heads side by side within a token's row. @param {CanvasRenderingContext2D} context @param {number} head @param {{ width: number, row: number }} size */
function strokeHead(context, head, { width, row }) {
  const n = shownText().tokens.length;
  const active = activeToken();
  const [query, key] = active < 0 ? [-1, -1] : state.side === "query" ? [active, -1] : [-1, active];
  const weights = weightsOf(state.layer, head);
  const middle = 0.5 + (0.6 * (state.heads.indexOf(head) - (state.heads.length - 1) / 2)) / state.heads.length;
  context.strokeStyle = headColour(head);
  context.lineWidth = 1.5;
  for (let from = Math.max(0, query); from < (query < 0 ? n : query + 1); from++) {
    for (let to = Math.max(0, key); to < (key < 0 ? n : key + 1); to++) {
      const weight = weights[from * n + to] ?? 0;
      if (weight < (active < 0 ? leastOfAll : leastOfOne)) continue;
      context.globalAlpha = active < 0 ? weight : Math.sqrt(weight);
      context.beginPath();
      context.moveTo(0, (from + middle) * row);
      context.lineTo(width, (to + middle) * row);
      context.stroke();
    }
  }
}
`;
