/** The text, its tokens in their order, and the numbers of the one that is pointed at or kept. */
export const drawTokens = `
/** Rows of the table; the others are one sum. */
const rankedTokens = 12;

function drawTokens() {
  const { text, pair, tokens } = shownText();
  const texts = element("texts", HTMLElement);
  texts.replaceChildren(...[text, pair].flatMap((source, i) => (source === undefined ? [] : [sourceElement(source, i)])));
  // Each as its own letters say, not as the names of control characters do.
  const directions = Array.from(texts.children, (paragraph) => getComputedStyle(paragraph).direction);
  for (const [i, paragraph] of texts.querySelectorAll("p").entries()) paragraph.dir = directions[i] ?? "ltr";
  const list = element("tokens", HTMLElement);
  list.dir = directions[0] ?? "ltr";
  list.replaceChildren(
    ...tokens.map((_, i) => {
      const button = /** @type {HTMLButtonElement} */ (tokenElement("button", i));
      button.type = "button";
      button.onclick = () => keepToken(i);
      button.onfocus = () => pointAt(i, "query");
      button.onblur = () => pointAt(-1, "query");
      button.onpointerenter = () => pointAt(i, "query");
      button.onpointerleave = () => pointAt(-1, "query");
      return button;
    }),
  );
  const forward = list.dir === "rtl" ? -1 : 1;
  const steps = { ArrowLeft: -forward, ArrowRight: forward, ArrowUp: -1, ArrowDown: 1 };
  moveWithArrows(list, { steps, chosen: state.kept });
}

/** @param {string} source @param {number} i */
function sourceElement(source, i) {
  const paragraph = document.createElement("p");
  paragraph.className = i === 0 ? "first" : "second";
  paragraph.dir = "auto";
  paragraph.textContent = source;
  return paragraph;
}

/** @param {number} i @param {string} side */
function pointAt(i, side) {
  state.pointed = i;
  state.side = i < 0 ? "query" : side;
  askForDrawing();
}

/** Keeps a token, or lets go of it. @param {number} i */
function keepToken(i) {
  state.kept = state.kept === i ? -1 : i;
  askForDrawing();
}

let isDrawingAskedFor = false;

/** Once a frame: a pointer that moves leaves one token and enters the next. */
function askForDrawing() {
  if (isDrawingAskedFor) return;
  isDrawingAskedFor = true;
  requestAnimationFrame(drawActive);
}

/** All that depends on the token that is pointed at or kept. */
function drawActive() {
  isDrawingAskedFor = false;
  shadeTokens();
  markSources();
  drawRanking();
  shadeLines();
}

function shadeTokens() {
  const active = activeToken();
  for (const [i, button] of element("tokens", HTMLElement).querySelectorAll("button").entries()) {
    button.setAttribute("aria-pressed", String(i === state.kept));
    button.classList.toggle("active", i === active);
    shade(button, active < 0 ? 0 : activeWeight(i));
  }
}

/** Marks the stretch of its text that the active token came from. */
function markSources() {
  const { text, pair, ranges, sequenceIds } = shownText();
  const active = activeToken();
  for (const [i, paragraph] of element("texts", HTMLElement).querySelectorAll("p").entries()) {
    const source = (i === 0 ? text : pair) ?? "";
    const isHere = active >= 0 && sequenceIds[active] === i;
    const [start, end] = isHere ? [ranges[2 * active] ?? 0, ranges[2 * active + 1] ?? 0] : [0, 0];
    const mark = document.createElement("mark");
    mark.append(inert(source.slice(start, end)));
    paragraph.replaceChildren(inert(source.slice(0, start)), ...(start < end ? [mark] : []), inert(source.slice(end)));
  }
}

/** Always as many rows, so that nothing below moves while the pointer does. */
function drawRanking() {
  const weights = shownText().tokens.map((_, i) => activeWeight(i));
  const ranked = weights.map((_, i) => i).sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0));
  element("chosen", HTMLElement).textContent = activeSentence();
  const table = element("ranking", HTMLTableElement);
  const rest = ranked.slice(rankedTokens);
  const restWeight = rest.reduce((sum, i) => sum + (weights[i] ?? 0), 0);
  if (table.caption) {
    table.caption.textContent = "The first " + Math.min(rankedTokens, ranked.length) + " tokens" +
      (rest.length > 0 ? "; the " + rest.length + " others together: " + spelled(restWeight) : "");
  }
  const gives = table.tHead?.rows[0]?.cells[3];
  // Not its place, so that no column moves.
  if (gives) gives.style.visibility = activeToken() < 0 ? "hidden" : "visible";
  table.tBodies[0]?.replaceChildren(...ranked.slice(0, rankedTokens).map(rankingRow));
}

function activeSentence() {
  const { ranges, sequenceIds } = shownText();
  const heads = state.heads.length === 1 ? "head " + state.heads[0] : "the mean of " + state.heads.length + " heads";
  const where = " in layer " + state.layer + ", " + heads;
  const active = activeToken();
  if (active < 0) return "What all tokens give on average" + where + ":";
  const text = ["", "first text", "second text"][(sequenceIds[active] ?? -1) + 1];
  const range = "characters " + ranges[2 * active] + " to " + ranges[2 * active + 1] + " of the " + text;
  const given = state.side === "query" ? "gives" : "is given";
  return "What " + nameOf(active) + ", " + (text ? range : "a special token") + ", " + given + where + ":";
}

/** @param {number} i */
function rankingRow(i) {
  const active = activeToken();
  const row = document.createElement("tr");
  const heading = tokenElement("th", i);
  heading.setAttribute("scope", "row");
  const place = document.createElement("td");
  place.textContent = String(i);
  const isGiven = state.side === "query" ? activeWeight(i) : meanWeight(active, i);
  const cells = [isGiven, ...(active < 0 ? [] : [meanWeight(i, active)])].map(weightCell);
  row.append(heading, place, ...cells);
  return row;
}

/** @param {number} weight */
function weightCell(weight) {
  const cell = document.createElement("td");
  cell.className = "bar";
  cell.style.setProperty("--share", (100 * weight).toFixed(1) + "%");
  cell.textContent = spelled(weight);
  return cell;
}
`;
