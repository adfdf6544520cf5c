import { describe, expect, test } from "@jest/globals";
import { answerPage } from "./answer-page.js";

const context = "One came first. Two came by boat, and three of them came on foot. And four came last, in the night.";
const answerAt = (text: string, score: number) => {
  const start = context.indexOf(text);
  return { text, start, end: start + text.length, score };
};

function withColors(value: "0" | "1", body: () => string): string[] {
  const { FORCE_COLOR: before } = process.env;
  process.env.FORCE_COLOR = value;
  try {
    return body().split("\n");
  } finally {
    if (before === undefined) delete process.env.FORCE_COLOR;
    else process.env.FORCE_COLOR = before;
  }
}

describe("answerPage", () => {
  test("has the question, the answer with its score, and the answer in its place", () => {
    const page = () => answerPage(["Who came by boat?", context], [answerAt("Two", 0.5)], 60);
    expect(withColors("0", page)).toEqual([
      "Who came by boat?",
      "  ███▌     0.500  Two",
      "    One came first. [Two] came by boat, and three of them",
      "    came on foot. And four came last, in the night.",
      "",
      "",
    ]);
  });

  test("marks the answer by its style where there are colours, over the ends of lines too", () => {
    const page = () => answerPage(["?", context], [answerAt("of them came on foot", 0.5)], 60);
    const [, , first, second] = withColors("1", page);
    expect(first).toBe("    \u001b[2mOne came first. Two came by boat, and three \u001b[22m\u001b[1mof them\u001b[22m");
    expect(second).toBe("    \u001b[1mcame on foot\u001b[22m\u001b[2m. And four came last, in the night.\u001b[22m");
  });

  test("says that there is no answer, and shows several in their order", () => {
    const answers = [{ text: "", start: 0, end: 0, score: 0.25 }, answerAt("four", 0.75)];
    const lines = withColors("0", () => answerPage(["Who?", context], answers, 200));
    expect(lines.slice(0, 3)).toEqual([
      "Who?",
      "  no answer  0.250",
      expect.stringMatching(/^ {2}█+ +0\.750 {2}four$/),
    ]);
  });

  test("fits narrow terminals", () => {
    const lines = withColors("0", () => answerPage(["Who came by boat?", context], [answerAt("three of them", 1)], 30));
    for (const line of lines) expect(line.length).toBeLessThan(30);
    expect(lines.length).toBeLessThanOrEqual(7);
  });
});
