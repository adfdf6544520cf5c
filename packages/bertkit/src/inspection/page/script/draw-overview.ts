/** Every layer and head as thumbnails, and the choice of them. */
export const drawOverview = `
/** Pixels of a thumbnail's side at most; longer texts show the largest weight of each pixel's. */
const thumbnailPixels = 48;

/** Draws a few thumbnails at a time, so that a long text's first picture is there before its last. */
function drawOverview() {
  const overview = element("overview", HTMLElement);
  overview.style.gridTemplateColumns = "repeat(" + (data.heads + 1) + ", max-content)";
  const size = Math.max(22, Math.min(56, Math.floor((innerWidth / (innerWidth < 1024 ? 1 : 2) - 90) / data.heads) - 3));
  overview.style.setProperty("--thumbnail", size + "px");
  overview.replaceChildren(document.createElement("span"), ...Array.from({ length: data.heads }, (_, head) => number(head)));
  /** @type {(() => void)[]} */
  const drawings = [];
  for (let layer = 0; layer < data.layers; layer++) {
    overview.append(number(layer));
    for (let head = 0; head < data.heads; head++) {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-label", "Layer " + layer + ", head " + head);
      button.title = "layer " + layer + ", head " + head;
      const canvas = button.appendChild(document.createElement("canvas"));
      button.onclick = (event) => chooseHead(layer, head, event.ctrlKey || event.shiftKey || event.metaKey);
      overview.append(button);
      drawings.push(() => drawThumbnail(canvas, layer, head));
    }
  }
  drawInTurn(drawings);
  markOverview();
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -data.heads, ArrowDown: data.heads };
  moveWithArrows(overview, { steps, chosen: state.layer * data.heads + (state.heads[0] ?? 0) });
}

/** @param {number} value */
function number(value) {
  const span = document.createElement("span");
  span.textContent = String(value);
  return span;
}

/** A later text's drawing ends an earlier one's. */
let drawingRound = 0;

/** @param {(() => void)[]} drawings */
function drawInTurn(drawings) {
  const round = ++drawingRound;
  let next = 0;
  const some = () => {
    const end = performance.now() + 12;
    while (round === drawingRound && next < drawings.length && performance.now() < end) drawings[next++]?.();
    if (round === drawingRound && next < drawings.length) setTimeout(some);
  };
  some();
}

/** @param {HTMLCanvasElement} canvas @param {number} layer @param {number} head */
function drawThumbnail(canvas, layer, head) {
  const n = shownText().tokens.length;
  const side = Math.min(n, thumbnailPixels);
  const weights = weightsOf(layer, head);
  const largest = new Float32Array(side * side);
  const pixelOf = Int32Array.from({ length: n }, (_, token) => Math.floor((token * side) / n));
  for (let query = 0; query < n; query++) {
    const row = (pixelOf[query] ?? 0) * side;
    for (let key = 0; key < n; key++) {
      const at = row + (pixelOf[key] ?? 0);
      const weight = weights[query * n + key] ?? 0;
      if (weight > (largest[at] ?? 0)) largest[at] = weight;
    }
  }
  fillCanvas(canvas, { width: side, height: side }, (x, y) => largest[y * side + x] ?? 0);
}

/** Chooses a head alone, or beside those of its layer, or no more where it was one of several. @param {number} layer @param {number} head @param {boolean} beside */
function chooseHead(layer, head, beside) {
  if (!beside || layer !== state.layer) state.heads = [head];
  else if (!state.heads.includes(head)) state.heads = [...state.heads, head].sort((a, b) => a - b);
  else if (state.heads.length > 1) state.heads = state.heads.filter((other) => other !== head);
  state.layer = layer;
  drawChosen();
}

function markOverview() {
  for (const [i, button] of element("overview", HTMLElement).querySelectorAll("button").entries()) {
    const [layer, head] = [Math.floor(i / data.heads), i % data.heads];
    button.setAttribute("aria-pressed", String(layer === state.layer && state.heads.includes(head)));
  }
}
`;
