import { ConfigError } from "@bertkit/layers";
import { BertTokenizer } from "@bertkit/tokenizer";
import { expect, test } from "@jest/globals";
import { collect, streamOf } from "../fixtures/streams.js";
import { pairsIn, sequencesOf, type TextOrPair, textsIn } from "./text-or-pair.js";

/** What an input in plain JavaScript may be. */
const untyped = (input: unknown): TextOrPair => input as TextOrPair;

test("an input is a text, or two", () => {
  expect(textsIn("t", "a")).toEqual({ text: "a", pair: undefined });
  expect(textsIn("t", ["a", ""])).toEqual({ text: "a", pair: "" });
});

test.each([[["a"]], [["a", "b", "c"]], [["a", undefined]], [[1, "b"]], [[]], [null], [undefined], [7], [{}]])(
  "%j is neither",
  async (input) => {
    expect(() => textsIn("classify", untyped(input))).toThrow(/^classify: it wanted a string or two in \[ \], got /);
    await expect(collect(pairsIn("next", streamOf([input])))).rejects.toThrow(ConfigError);
  },
);

test("where pairs are wanted, a text is none", async () => {
  const pairs = [["a", "b"]] as const;
  expect(await collect(pairsIn("next", streamOf(pairs)))).toEqual(pairs);
  await expect(collect(pairsIn("next", streamOf(["a text"])))).rejects.toThrow(
    'next: it wanted two strings in [ ], got "a text"',
  );
});

test("a sequence is cut to the maximum length, the longer text of a pair first", async () => {
  const tokenizer = BertTokenizer.fromVocabulary("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n");
  const inputs: TextOrPair[] = ["a a", "a a a a a a", ["a", "b b b b b b"], ["a", ""]];
  const sequences = await collect(sequencesOf("t", streamOf(inputs), { tokenizer, maxLength: 6 }));
  const shown = sequences.map(({ length, encoding }) => [length, encoding.tokens.join(" "), encoding.truncated]);
  expect(shown).toEqual([
    [4, "[CLS] a a [SEP]", false],
    [6, "[CLS] a a a a [SEP]", true],
    [6, "[CLS] a [SEP] b b [SEP]", true],
    [4, "[CLS] a [SEP] [SEP]", false],
  ]);
});
