import { describe, expect, test } from "@jest/globals";
import { encodeResult, kernelsResult, memoryResult, startResult } from "../fixtures/results.js";
import { versionOfRival } from "../rivals/load-rival.js";
import { draw } from "./draw.js";
import { plotName, plotsOf } from "./plots.js";

const plots = plotsOf([encodeResult, kernelsResult, startResult, memoryResult]);

describe("plots", () => {
  test("have names that no two results share", () => {
    expect(new Set(plots.map(plotName)).size).toBe(plots.length);
  });

  test("of speeds show the median, its spread and what is wanted, a panel a precision", () => {
    expect(plots[0]!.points[1]).toEqual({
      series: "8 × 128, 1 thr., onnxruntime-node, one batch",
      panel: "int8",
      x: 0.5,
      range: [0.4, 0.6],
      wanted: 0.65,
    });
  });

  test("of memory are lines over texts, in megabytes above an empty Node", () => {
    expect(plots[3]!.points[0]).toEqual({ series: "bertkit int8", panel: "", x: 1, y: 45.000002 });
  });

  const title = "are drawn as SVG files with every series named";
  const canDraw = versionOfRival("@observablehq/plot") !== "not installed";
  (canDraw ? test : test.skip)(
    canDraw ? title : `${title} [skipped: \`npm run rivals\` installs what draws]`,
    async () => {
      for (const plot of plots) {
        const svg = await draw(plot);
        expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
        for (const { series } of plot.points) expect(svg).toContain(series);
      }
    },
  );
});
