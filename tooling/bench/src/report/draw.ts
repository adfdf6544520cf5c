import { importRival } from "../rivals/load-rival.js";
import type { Plot, Point } from "./plots.js";

/** What we use of @observablehq/plot. */
interface ObservablePlot {
  plot(options: object): { readonly outerHTML: string; setAttribute(name: string, value: string): void };
  dot(data: readonly Point[], channels: object): object;
  line(data: readonly Point[], channels: object): object;
  text(data: readonly Point[], channels: object): object;
  ruleX(data: readonly number[], channels?: object): object;
  ruleY(data: readonly (Point | number)[], channels?: object): object;
  tickX(data: readonly Point[], channels: object): object;
  selectLast(channels: object): object;
}

/** What we use of linkedom: a document without a browser. */
interface Linkedom {
  parseHTML(html: string): { readonly document: object };
}

const width = 960;
const rowHeight = 18;

/** A plot as an SVG file. Throws `Error` where the drawing library is not installed. */
export async function draw(plot: Plot): Promise<string> {
  const library = await importRival<ObservablePlot>("@observablehq/plot/src/index.js");
  const { parseHTML } = await importRival<Linkedom>("linkedom/esm/index.js");
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const isLines = plot.points.some(({ y }) => y !== undefined);
  const svg = library.plot({
    document,
    width,
    style: { background: "white", color: "black" },
    ...(isLines ? linesOver(library, plot) : rowsOf(library, plot)),
  });
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return `${svg.outerHTML}\n`;
}

/** A row a series, a panel beside the other: a dot where the median is, its spread, and a tick at what is wanted. */
function rowsOf({ dot, ruleX, ruleY, tickX }: ObservablePlot, { program, x, points }: Plot): object {
  const series = [...new Set(points.map((point) => point.series))];
  const place = { x: "x", y: "series", fx: "panel" };
  const spread = points.filter(({ range }) => range);
  return {
    height: 70 + rowHeight * series.length,
    marginLeft: 12 + 6 * Math.max(...series.map((name) => name.length)),
    x: { label: x, grid: true, zero: true },
    y: { label: null, domain: series },
    fx: { label: null },
    marks: [
      ruleX([program === "encode" ? 1 : 0], { stroke: "#999" }),
      ruleY(spread, {
        y: "series",
        fx: "panel",
        x1: ({ range }: Point) => range?.[0],
        x2: ({ range }: Point) => range?.[1],
        stroke: "#7aa6d8",
        strokeWidth: 3,
      }),
      tickX(
        points.filter(({ wanted }) => wanted !== undefined),
        { ...place, x: "wanted", stroke: "#c0392b", strokeWidth: 2 },
      ),
      dot(points, { ...place, fill: "#1f4e8c", r: 3 }),
    ],
  };
}

/** A line a series, named at its end. */
function linesOver({ line, text, ruleY, selectLast }: ObservablePlot, { x, points }: Plot): object {
  const place = { x: "x", y: "y", z: "series" };
  return {
    height: 360,
    marginRight: 150,
    x: { label: x, grid: true },
    y: { label: "MB", grid: true, zero: true },
    marks: [
      ruleY([0]),
      line(points, { ...place, stroke: "series" }),
      text(points, selectLast({ ...place, text: "series", textAnchor: "start", dx: 6 })),
    ],
  };
}
