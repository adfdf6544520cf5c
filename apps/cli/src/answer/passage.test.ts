import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { displayWidth } from "../terminal/display-width.js";
import { passageAround } from "./passage.js";

const context = "One came first.  Two came\nby boat. Then three came.\n\nAnd four came last.";

/** The passage as one text, the answer in brackets. */
function around(answer: string, room: number, text = context): string {
  const start = text.indexOf(answer);
  const passage = passageAround(text, { start, end: start + answer.length }, room);
  return `${passage.before}[${passage.answer}]${passage.after}`;
}

describe("passageAround", () => {
  test("gives the whole sentence over the ends of its lines, white space as one space", () => {
    expect(around("Two", 25)).toBe("[Two] came by boat.");
    expect(around("by", 25)).toBe("Two came [by] boat.");
    expect(around("three", 20)).toBe("Then [three] came.");
  });

  test("sentences around it are there while they fit, first that behind it", () => {
    expect(around("Two", 36)).toBe("[Two] came by boat. Then three came.");
    expect(around("Two", 52)).toBe("One came first. [Two] came by boat. Then three came.");
    expect(around("Two", 80)).toBe("One came first. [Two] came by boat. Then three came. And four came last.");
  });

  test("an answer over several sentences has all of them", () => {
    expect(around("first.  Two", 20)).toBe("…ame [first. Two] cam…");
    expect(around("first.  Two", 34)).toBe("One came [first. Two] came by boat.");
  });

  test("of a sentence that does not fit, what is nearest to the answer is shown", () => {
    const long = `${"one ".repeat(30)}HERE ${"two ".repeat(30)}`;
    expect(around("HERE", 24, long)).toBe("… one one [HERE] two two…");
    expect(around("two two", 24, `${long}.`)).toBe("…e HERE [two two] two two…");
    expect(around("one one", 24, long)).toBe("[one one] one one one one…");
  });

  test("ideographs are measured as the terminal draws them, and what would move the cursor is shown", () => {
    expect(around("首都", 20, "東京は日本の首都であり、世界最大の都市の一つです。")).toBe("…日本の[首都]であり…");
    expect(around("b", 20, "a\u001b[2J b.")).toBe("a\\u001b[2J [b].");
  });

  test("is no wider than there is room, whatever the text", () => {
    const places = fc.tuple(fc.nat(), fc.nat());
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), places, fc.integer({ min: 20, max: 200 }), (text, [a, b], room) => {
        const [start, end] = [Math.min(a, b) % (text.length + 1), Math.max(a, b) % (text.length + 1)];
        fc.pre(start < end);
        const { before, answer, after } = passageAround(text, { start, end }, room);
        const least = displayWidth(answer) + 2;
        expect(displayWidth(before) + displayWidth(answer) + displayWidth(after)).toBeLessThanOrEqual(
          Math.max(room, least),
        );
      }),
    );
  });
});
