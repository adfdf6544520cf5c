import { drawLines } from "./script/draw-lines.js";
import { drawMap } from "./script/draw-map.js";
import { drawOverview } from "./script/draw-overview.js";
import { drawTokens } from "./script/draw-tokens.js";
import { readPage } from "./script/read-page.js";
import { showText } from "./script/show-text.js";
import { start } from "./script/start.js";

/** Of the script below, for the page's policy; a test says when it has to follow. */
export const scriptHash = "sha256-euEqhAPeMdJuKdqfy1c9vZn6rakP5ottnL8aytd/iuA=";

/**
 * What runs in the page. It is kept as text, not taken from functions with `toString`: what compilers, coverage and
 * minifiers do to functions would come along. A test checks its types.
 */
export const pageScript = `"use strict";\n{\n${[readPage, showText, drawOverview, drawTokens, drawMap, drawLines, start].join("")}}\n`;
