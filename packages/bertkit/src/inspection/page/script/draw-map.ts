/** The heat map of the chosen heads. */
export const drawMap = `
/** Below so many pixels a cell's label could not be read. */
const readableCell = 9;
/** Tokens of a text at most whose map is made readable rather than fitted to the page. */
const mostScrolled = 100;

function drawMap() {
  const { tokens } = shownText();
  const n = tokens.length;
  const canvas = mapCanvas();
  fillCanvas(canvas, { width: n, height: n }, (key, query) => meanWeight(query, key));
  element("columns", HTMLElement).replaceChildren(...tokens.map((_, i) => tokenElement("span", i)));
  element("rows", HTMLElement).replaceChildren(...tokens.map((_, i) => tokenElement("span", i)));
  sizeCells();
}

const mapCanvas = () => /** @type {HTMLCanvasElement} */ (element("cells", HTMLElement).firstElementChild);

/** As large as there is room for; where that is too small to read, a text of some length scrolls; then as zoomed. */
function sizeCells() {
  const n = shownText().tokens.length;
  const room = (element("map", HTMLElement).parentElement?.clientWidth ?? 600) - 130;
  const least = n > mostScrolled ? 3 : readableCell;
  const fitting = Math.max(least, Math.min(26, Math.floor(room / n)));
  const cell = Math.max(2, Math.min(48, Math.round(fitting * state.zoom)));
  const map = element("map", HTMLElement);
  map.style.setProperty("--cell", cell + "px");
  map.classList.toggle("bare", cell < readableCell);
  mapCanvas().style.width = mapCanvas().style.height = cell * n + "px";
  placeCell(false);
}

const cellSize = () => mapCanvas().clientWidth / shownText().tokens.length;

/** Shows the state's row and column. @param {boolean} visible */
function placeCell(visible) {
  const size = cellSize();
  const { row, column } = state;
  place("across", { left: 0, top: row * size, width: mapCanvas().clientWidth, height: size });
  place("down", { left: column * size, top: 0, width: size, height: mapCanvas().clientWidth });
  place("cell", { left: column * size, top: row * size, width: size, height: size });
  for (const id of ["across", "down", "cell"]) element(id, HTMLElement).style.visibility = visible ? "visible" : "hidden";
  markLabels("rows", visible ? row : -1);
  markLabels("columns", visible ? column : -1);
  element("readout", HTMLElement).textContent = visible
    ? nameOf(row) + " → " + nameOf(column) + ": " + spelled(meanWeight(row, column))
    : "";
}

/** @param {string} id @param {{ left: number, top: number, width: number, height: number }} box */
function place(id, box) {
  const { style } = element(id, HTMLElement);
  style.left = box.left + "px";
  style.top = box.top + "px";
  style.width = box.width + "px";
  style.height = box.height + "px";
}

/** @param {string} id @param {number} active */
function markLabels(id, active) {
  const labels = element(id, HTMLElement);
  labels.querySelector(".active")?.classList.remove("active");
  labels.children[active]?.classList.add("active");
}

function listenToMap() {
  const map = element("map", HTMLElement);
  mapCanvas().onpointermove = mapCanvas().onpointerdown = (event) => {
    const last = shownText().tokens.length - 1;
    state.row = Math.max(0, Math.min(last, Math.floor(event.offsetY / cellSize())));
    state.column = Math.max(0, Math.min(last, Math.floor(event.offsetX / cellSize())));
    placeCell(true);
  };
  mapCanvas().onpointerleave = (event) => placeCell(event.pointerType === "touch" || document.activeElement === map);
  mapCanvas().onclick = () => keepToken(state.row);
  map.onfocus = () => placeCell(true);
  map.onblur = () => placeCell(false);
  map.onkeydown = moveCell;
  element("smaller", HTMLElement).onclick = () => zoom(1 / 1.5);
  element("larger", HTMLElement).onclick = () => zoom(1.5);
}

/** @param {KeyboardEvent} event */
function moveCell(event) {
  const last = shownText().tokens.length - 1;
  /** @type {Record<string, [number, number]>} */
  const moves = {
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    Home: [0, -last],
    End: [0, last],
    PageUp: [-10, 0],
    PageDown: [10, 0],
  };
  const move = moves[event.key];
  if (event.key === "Enter") keepToken(state.row);
  if (!move) return;
  event.preventDefault();
  state.row = Math.max(0, Math.min(last, state.row + move[0]));
  state.column = Math.max(0, Math.min(last, state.column + move[1]));
  placeCell(true);
  element("cell", HTMLElement).scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** @param {number} factor */
function zoom(factor) {
  state.zoom = Math.max(0.1, Math.min(16, state.zoom * factor));
  sizeCells();
}
`;
