/** The choices at the page's top, and the first drawing. */
export const start = `
function drawText() {
  layersRead.clear();
  state.kept = state.pointed = -1;
  state.row = state.column = 0;
  drawTokens();
  drawOverview();
  drawChosen();
}

/** All that depends on the chosen layer and heads. */
function drawChosen() {
  readChosen();
  element("layer", HTMLSelectElement).selectedIndex = state.layer;
  for (const [head, box] of element("heads", HTMLElement).querySelectorAll("input").entries()) {
    box.checked = state.heads.includes(head);
  }
  markOverview();
  drawMap();
  drawLines();
  drawActive();
}

function fillChoices() {
  const { layers, heads, bytes, texts } = data;
  const precision = bytes === 2 ? "0.00001" : "0.004, small ones more closely";
  element("facts", HTMLElement).textContent =
    layers + " layers of " + heads + " heads, counted from 0. Probabilities are right to " + precision + ".";
  element("text-choice", HTMLElement).hidden = texts.length < 2;
  fillSelect(element("text", HTMLSelectElement), texts.map(({ text }, i) => i + ": " + isolated(text.slice(0, 60))), (i) => {
    state.text = i;
    drawText();
  });
  fillSelect(element("layer", HTMLSelectElement), Array.from({ length: layers }, (_, layer) => String(layer)), (i) => {
    state.layer = i;
    drawChosen();
  });
  element("heads", HTMLElement).replaceChildren(...Array.from({ length: heads }, (_, head) => headChoice(head)));
  element("all-heads", HTMLElement).onclick = () => {
    const all = Array.from({ length: heads }, (_, head) => head);
    state.heads = state.heads.length === heads ? [0] : all;
    drawChosen();
  };
}

/** @param {HTMLSelectElement} select @param {string[]} names @param {(i: number) => void} chosen */
function fillSelect(select, names, chosen) {
  select.replaceChildren(...names.map((name) => new Option(name)));
  select.onchange = () => chosen(select.selectedIndex);
}

/** @param {number} head */
function headChoice(head) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.setAttribute("aria-label", "Head " + head);
  box.onchange = () => chooseHead(state.layer, head, true);
  const shown = document.createElement("span");
  shown.textContent = String(head);
  label.append(box, shown);
  return label;
}

function drawColours() {
  for (const [head, label] of Array.from(element("heads", HTMLElement).children).entries()) {
    if (label instanceof HTMLElement) label.style.setProperty("--head", headColour(head));
  }
  fillCanvas(element("legend", HTMLCanvasElement), { width: 256, height: 1 }, (x) => x / 255);
}

function letGo() {
  state.kept = state.pointed = -1;
  drawActive();
}

fillChoices();
drawColours();
listenToMap();
drawText();
addEventListener("keydown", (event) => event.key === "Escape" && letGo());
addEventListener("resize", () => {
  sizeCells();
  shadeLines();
});
darkScheme.addEventListener("change", () => {
  drawColours();
  drawOverview();
  drawChosen();
});
`;
