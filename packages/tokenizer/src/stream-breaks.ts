import type { AddedToken } from "./added-tokens.js";
import type { PartJson } from "./part.js";
import type { TokenizerSettings } from "./settings.js";
import { TokenizerError } from "./tokenizer-error.js";

/** The place to cut a text in two, the last in units `from` to `to`, from 1; undefined where there is none. */
export type FindBreak = (text: string, from: number, to: number) => number | undefined;

/**
 * Where a text can be cut so that each part alone has the tokens that it has in the whole. That is before a character
 * that is a boundary of words whatever stands round it, across which no mark moves, no Σ looks for its neighbours and no
 * added token reaches.
 * @throws {TokenizerError} `unsupported` where the tokenizer has a part that may look across white space.
 */
export function breakFinder(settings: TokenizerSettings): FindBreak {
  const isBreak = breakTest(settings);
  return (text, from, to) => {
    for (let at = Math.min(to, text.length - 1); at >= from; at--) if (isBreak(text.charCodeAt(at))) return at;
    return undefined;
  };
}

// Not . : ' ^ ` and others which Unicode calls case-ignorable: a Σ before them, or after them, looks beyond.
const punctuation = '!"#$%&()*+,-/;<=>?@[\\]_{|}~、。！，；？';

function breakTest(settings: TokenizerSettings): (unit: number) => boolean {
  const { addedTokens, normalization, normalizer, preTokenizer } = settings;
  const isBert = normalizer === undefined && preTokenizer === undefined;
  if (!isBert) checkParts(normalizer?.json, preTokenizer?.json);
  const taken = new Set(addedTokens.flatMap(spellings).join(""));
  const alone = addedTokens.some(({ singleWord }) => singleWord);
  // An added token may take white space, also the spaces that normalisation puts round ideographs.
  const spaced =
    addedTokens.some(({ stripLeft, stripRight }) => stripLeft || stripRight) ||
    [...taken].some((character) => /[\s\u3400-\ufaff\u{20000}-\u{3ffff}]/u.test(character));
  const ideographs = isBert && normalization.isolateCjk && !spaced && !alone;
  const marks = new Set(
    isBert ? [...punctuation].filter((mark) => !taken.has(mark) && !(alone && mark === "_")) : undefined,
  );
  return (unit) =>
    (!spaced && isSpace(unit)) || (ideographs && isIdeograph(unit)) || marks.has(String.fromCharCode(unit));
}

// Parts that do the same to a text on either side of white space, and those of them that cut at it.
const localNormalizers = ["BertNormalizer", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents"];
const cutters = ["BertPreTokenizer", "Whitespace", "WhitespaceSplit"];
const localPreTokenizers = [...cutters, "Digits", "Punctuation"];

function checkParts(normalizer: PartJson | undefined, preTokenizer: PartJson | undefined): void {
  const cuts = preTokenizer === undefined ? cutters : partTypes(preTokenizer);
  const far = [
    ...partTypes(normalizer).filter((type) => !localNormalizers.includes(type)),
    ...cuts.filter((type) => !localPreTokenizers.includes(type)),
  ];
  if (far.length === 0 && cuts.some((type) => cutters.includes(type))) return;
  throw new TokenizerError(
    "unsupported",
    far.length > 0
      ? `encodeStream: ${far.join(", ")} may look across white space: encode the document as a whole`
      : "encodeStream: no part of the tokenizer cuts at white space: encode the document as a whole",
  );
}

/** The kinds of a part, or of those that its sequence has. */
function partTypes(part: PartJson | undefined): string[] {
  if (part === undefined) return [];
  if (part.type !== "Sequence") return [part.type];
  return Object.values(part)
    .flat()
    .flatMap((inner) => (isPart(inner) ? partTypes(inner) : []));
}

const isPart = (value: unknown): value is PartJson => typeof value === "object" && value !== null && "type" in value;

/** What the text of an added token may look like where it is looked for. */
function spellings({ content }: AddedToken): string[] {
  return [content, content.toLowerCase(), content.normalize("NFKD")];
}

const isSpace = (unit: number): boolean =>
  unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 9 || unit === 0x3000;

/** The blocks that every reference isolates and that no normalisation changes. */
const isIdeograph = (unit: number): boolean => (unit >= 0x4e00 && unit <= 0x9fff) || (unit >= 0x3400 && unit <= 0x4dbf);
