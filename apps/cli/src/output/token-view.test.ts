import { BertTokenizer } from "@bertkit/tokenizer";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { tokenView } from "./token-view.js";

const vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nun\n##aff\n##able\na\n中\n国\n.";
const tokenizer = BertTokenizer.fromVocabulary(vocabulary);
const { unknownToken } = tokenizer.settings;
const viewOf = (text: string, colors: boolean, maxLength?: number): string =>
  tokenView(text, tokenizer.encode(text, { maxLength }), { unknownToken, colors });

const { FORCE_COLOR: forced } = process.env;
beforeEach(() => {
  process.env.FORCE_COLOR = "1";
});
afterEach(() => {
  if (forced === undefined) delete process.env.FORCE_COLOR;
  else process.env.FORCE_COLOR = forced;
});

const cyan = (text: string): string => `\u001b[30m\u001b[46m${text}\u001b[49m\u001b[39m`;
const yellow = (text: string): string => `\u001b[30m\u001b[43m${text}\u001b[49m\u001b[39m`;
const red = (text: string): string => `\u001b[30m\u001b[41m${text}\u001b[49m\u001b[39m`;
const dim = (text: string): string => `\u001b[2m${text}\u001b[22m`;

test("tokens have two colours by turns, unknown words a third, spaces none", () => {
  const line = `${cyan("Un")}${yellow("aff")}${cyan("able")} ${red("xyz")} ${yellow("a")}${cyan(".")}  ${dim("8 tokens")}\n`;
  expect(viewOf("Unaffable xyz a.", true)).toBe(line);
});

test("without colours there are bars where tokens meet", () => {
  expect(viewOf("unaffable a. 中国", false)).toBe("un|aff|able a|. 中|国  (9 tokens)\n");
});

test("what was cut off stays as it is, and nothing breaks the line", () => {
  expect(viewOf("a\tunaffable\n\u001b", false, 4)).toBe("a\\tunaffable\\n\\u001b  (4 tokens)\n");
  expect(viewOf("", false)).toBe("  (2 tokens)\n");
});
