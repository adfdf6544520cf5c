/** Texts and tokens as text, whatever is in them, and the colours of weights and heads. */
export const showText = String.raw`
/** Controls (but for tab and line ends), marks of direction, invisible separators. */
const hidden = /((?![\t\n\r])[\p{Cc}\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff])/u;

/**
 * A text whose characters that would reorder or hide what is around them are shown by their code points.
 * @param {string} text
 */
function inert(text) {
  const shown = document.createDocumentFragment();
  for (const [i, piece] of text.split(hidden).entries()) {
    if (i % 2 === 0) {
      shown.append(piece);
      continue;
    }
    const control = document.createElement("span");
    control.className = "control";
    control.textContent = "U+" + piece.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    shown.append(control);
  }
  return shown;
}

/** The same where no elements can be: characters of Unicode's isolate it. @param {string} text */
const isolated = (text) => "\u2068" + inert(text).textContent + "\u2069";

/** An element with a token in it, coloured by its text. @param {"button" | "li" | "span" | "th"} tag @param {number} i */
function tokenElement(tag, i) {
  const made = document.createElement(tag);
  const { tokens, sequenceIds } = shownText();
  made.className = ["special", "first", "second"][(sequenceIds[i] ?? -1) + 1] ?? "second";
  const token = tokens[i] || "(empty)";
  made.appendChild(document.createElement("bdi")).append(inert(token));
  made.title = isolated(token);
  return made;
}

/** @param {number} i */
const nameOf = (i) => "“" + isolated(shownText().tokens[i] ?? "") + "” (" + i + ")";

/** @param {number} weight */
const spelled = (weight) => weight.toFixed(decimals);

const darkScheme = matchMedia("(prefers-color-scheme: dark)");

/** From 0 to 1, evenly. @type {Record<string, [number, number, number][]>} */
const ramps = {
  light: [[255, 255, 255], [198, 219, 239], [107, 174, 214], [33, 113, 181], [8, 48, 107]],
  dark: [[22, 27, 34], [20, 60, 104], [31, 111, 178], [96, 174, 228], [240, 248, 255]],
};

/** The pixel of each of 256 steps of a weight's root: small weights are many, and to be seen. */
function pixels() {
  const stops = ramps[darkScheme.matches ? "dark" : "light"] ?? [];
  return Uint32Array.from({ length: 256 }, (_, step) => {
    const place = (step / 255) * (stops.length - 1);
    const at = Math.min(Math.floor(place), stops.length - 2);
    const mixed = [0, 1, 2].map((channel) => {
      const [from, to] = [stops[at]?.[channel] ?? 0, stops[at + 1]?.[channel] ?? 0];
      return Math.round(from + (to - from) * (place - at));
    });
    return new Uint32Array(Uint8Array.of(...mixed, 255).buffer)[0] ?? 0;
  });
}

/**
 * Fills a canvas, a pixel a weight. @param {HTMLCanvasElement} canvas
 * @param {{ width: number, height: number }} size @param {(x: number, y: number) => number} weightAt
 */
function fillCanvas(canvas, { width, height }, weightAt) {
  canvas.width = width;
  canvas.height = height;
  const colours = pixels();
  const values = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) values[y * width + x] = colours[Math.round(255 * Math.sqrt(weightAt(x, y)))] ?? 0;
  }
  canvas.getContext("2d")?.putImageData(new ImageData(new Uint8ClampedArray(values.buffer), width, height), 0, 0);
}

/** @param {number} head */
const headColour = (head) =>
  "hsl(" + Math.round(212 + (360 * head) / data.heads) % 360 + (darkScheme.matches ? " 75% 68%)" : " 75% 38%)");

/** How much of an element is shaded, by a weight; small ones are to be seen. @param {HTMLElement} shaded @param {number} weight */
const shade = (shaded, weight) => shaded.style.setProperty("--weight", (0.85 * Math.sqrt(weight)).toFixed(3));

/**
 * Arrow keys move the focus among elements of which one can be reached with Tab. @param {HTMLElement} group
 * @param {{ steps: Record<string, number>, chosen: number }} options
 */
function moveWithArrows(group, { steps, chosen }) {
  const members = /** @type {HTMLElement[]} */ (Array.from(group.querySelectorAll("button")));
  for (const [i, member] of members.entries()) member.tabIndex = i === Math.max(0, chosen) ? 0 : -1;
  group.onkeydown = (event) => {
    const at = members.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const ends = { Home: 0, End: members.length - 1 };
    const step = steps[event.key];
    const next = members[step === undefined ? (ends[/** @type {"Home"} */ (event.key)] ?? -1) : at + step];
    if (at < 0 || !next) return;
    event.preventDefault();
    for (const member of members) member.tabIndex = member === next ? 0 : -1;
    next.focus();
  };
}
`;
