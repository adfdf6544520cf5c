import { expect, test } from "@jest/globals";
import { machine } from "../fixtures/results.js";
import { showAnswer } from "./show-answer.js";

test("each side has a row, and the stream a line", () => {
  const one = { median: 1, p10: 1, p90: 1 };
  const text = showAnswer({
    program: "answer",
    machine,
    model: "minilm",
    runs: [
      {
        threads: 2,
        backend: "wasm (wide)",
        questions: 1280,
        sides: [
          { name: "bertkit", perSecond: 51.25, speed: one, same: 1 },
          { name: "pipeline", perSecond: 40, speed: { median: 1.25, p10: 1.2, p90: 1.3 }, same: 0.995 },
        ],
        stream: { perSecond: 52, memory: { growth: 100_000, peak: 180e6 } },
      },
    ],
  });
  expect(text).toContain("minilm with a random head, bertkit on wasm (wide)");
  expect(text).toMatch(/^ +2 {2}bertkit +51\.3 +1\.00 +1\.00 +1\.00 +100\.0%$/m);
  expect(text).toMatch(/^ +2 {2}pipeline +40\.0 +1\.25 +1\.20 +1\.30 +99\.5%$/m);
  expect(text).toContain("1,280 questions as one stream, 2 threads: 52.0 a second, at most 180.0 MB, 0.1 MB more");
});
