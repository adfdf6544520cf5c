import { describe, expect, test } from "@jest/globals";
import { attentionPage } from "./attention-page.js";
import type { AttentionText } from "./attention-text.js";

/** Every token attends evenly, in two layers of three heads. */
function evenText(tokens: readonly string[], options: Partial<AttentionText> = {}): AttentionText {
  const n = tokens.length;
  const layer = new Float32Array(3 * n * n).fill(1 / n);
  const sequenceIds = Int32Array.from(tokens, (token) => (token.startsWith("[") ? -1 : 0));
  return {
    text: tokens.join(" "),
    tokens,
    ranges: new Int32Array(2 * n),
    sequenceIds,
    attention: [layer, layer],
    ...options,
  };
}

/** The JSON that a browser would read from the page. */
function dataIn(page: string): unknown {
  const [, json = ""] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page) ?? [];
  return JSON.parse(json);
}

describe("an attention page", () => {
  test("holds its texts and an element for each layer", () => {
    const pair = evenText(["[CLS]", "a", "[SEP]", "b", "[SEP]"], { text: "a", pair: "b" });
    const page = attentionPage([pair, evenText(["[CLS]", "c"])], { title: "Cats & <dogs>" });
    expect(page).toContain("<title>Cats &#38; &#60;dogs&#62;</title>");
    expect(dataIn(page)).toEqual({
      layers: 2,
      heads: 3,
      bytes: 2,
      texts: [
        { text: "a", pair: "b", tokens: pair.tokens, ranges: Array(10).fill(0), sequenceIds: [-1, 0, -1, 0, -1] },
        { text: "[CLS] c", tokens: ["[CLS]", "c"], ranges: [0, 0, 0, 0], sequenceIds: [-1, 0] },
      ],
    });
    const ids = [...page.matchAll(/id="weights-(\d-\d)">([^<]+)</g)].map(([, id, packed]) => [
      id,
      atob(packed!).length,
    ]);
    expect(ids).toEqual([
      ["0-0", 150],
      ["0-1", 150],
      ["1-0", 24],
      ["1-1", 24],
    ]);
  });

  test("is the same for the same texts, and lets nothing be loaded or run but what it holds", () => {
    const page = attentionPage([evenText(["a"])]);
    expect(attentionPage([evenText(["a"])])).toBe(page);
    expect(page).toMatch(
      /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[^ ']+'; style-src 'sha256-[^ ']+'; img-src data:; base-uri 'none'; form-action 'none'">/,
    );
    expect(page).not.toMatch(/(src|href)="(?!data:)/);
  });

  test("a text cannot end the element that it is in", () => {
    const tokens = ["</script><script>alert(1)</script>", "<!--", "\u2028", "\ud800", '"', "\\"];
    const page = attentionPage([evenText(tokens)], { title: "</title><script>" });
    expect(page.match(/<\/script>/g)).toHaveLength(4);
    expect(page).not.toContain("alert(1)</script>");
    expect(dataIn(page)).toMatchObject({ texts: [{ tokens }] });
  });

  test("keeps one byte a weight where there are many", () => {
    const tokens = Array.from({ length: 1200 }, () => "a");
    const page = attentionPage([evenText(tokens)]);
    expect(dataIn(page)).toMatchObject({ bytes: 1 });
    // Cut out by hand: a regular expression can run out of stack over megabytes.
    const start = page.indexOf('id="weights-0-0">') + 'id="weights-0-0">'.length;
    expect(page.indexOf("<", start) - start).toBe((3 * 1200 * 1200 * 4) / 3);
  });

  test("refuses texts that do not fit, all of it at once", () => {
    const short = evenText(["a", "b"], {
      ranges: new Int32Array(3),
      attention: [new Float32Array(12), new Float32Array(7)],
    });
    const scores = evenText(["a"], { sequenceIds: new Int32Array(2), attention: [new Float32Array([0.5, -3, 1])] });
    expect(() => attentionPage([short, scores, evenText([])])).toThrow(
      "attentionPage: text 0 has 2 tokens and 3 numbers for their ranges, not 4; " +
        "text 0 has 7 attention weights in layer 1, not heads × 2 × 2 as in the others; " +
        "text 1 has 1 tokens and 2 sequence ids; " +
        "text 1 has -3 in layer 0: attention must be probabilities, not scores; text 2 has no tokens",
    );
    const oneLayer = evenText(["a"], { attention: [new Float32Array([1])] });
    expect(() => attentionPage([evenText(["a"]), oneLayer])).toThrow(
      "attentionPage: texts must have one model's attention: text 0 has 2 layers of 3 heads, text 1 1 layers of 1 heads",
    );
  });

  test("refuses nothing, and more than a page opens with", () => {
    const nothing = "attentionPage: it wanted a text with the attention of one layer or more";
    expect(() => attentionPage([])).toThrow(nothing);
    expect(() => attentionPage([evenText(["a"], { attention: [] })])).toThrow(nothing);
    const long = evenText(Array.from({ length: 512 }, () => "a"));
    expect(() => attentionPage(Array.from({ length: 86 }, () => long))).toThrow(
      "attentionPage: a page holds up to 134217728 probabilities, these texts have 135266304: give it fewer or shorter ones",
    );
  }, 60_000);
});
