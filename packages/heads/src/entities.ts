import { ShapeError } from "@bertkit/tensor";
import type { Encoding } from "@bertkit/tokenizer";
import type { TokenScores } from "./token-classification.js";

/**
 * How tokens become entities, spelled as Hugging Face does. `none` keeps each token and its whole label; `simple` joins
 * neighbours of one type; the others first give each word one label, so that no entity ends inside a word: that of its
 * `first` token, of the `average` of its tokens, or of the token that is surest (`max`).
 */
export type Aggregation = "none" | "simple" | WordAggregation;

type WordAggregation = "first" | "average" | "max";

/** A text's tokens with what a model says of each. */
export interface ScoredTokens {
  readonly encoding: Pick<Encoding, "length" | "ranges" | "wordIds" | "specialMask">;
  /** For each token, special ones too, how probable each label is: what `TokenClassification` answers. */
  readonly scores: readonly TokenScores[];
}

export interface EntityOptions {
  /** In the order of the scores: "B-PER", "I-PER" and so on, or types alone. */
  readonly labels: readonly string[];
  /** Default "simple". */
  readonly aggregation?: Aggregation | undefined;
  /** Types that are left out; with `none`, labels. Default: "O". */
  readonly ignored?: readonly string[] | undefined;
  /** The text of the tokens: then each entity has its own. */
  readonly text?: string | undefined;
}

/** A stretch of a text that is of a type. */
export interface Entity {
  readonly type: string;
  /** Mean of the probabilities of its tokens' labels, or its words'. */
  readonly score: number;
  /** In the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** The text from `start` to `end`, where it was given. */
  readonly text?: string;
  /** Its tokens, counted in the encoding: from the first up to and without the second. */
  readonly tokens: readonly [from: number, to: number];
}

/** A word's label. */
export interface WordLabel {
  readonly label: string;
  readonly score: number;
  /** The word's first token, counted in the encoding. */
  readonly token: number;
}

export interface WordLabelOptions {
  /** In the order of the scores. */
  readonly labels: readonly string[];
  /** Where the words are in the text, in its order, in UTF-16 units. */
  readonly words: readonly { readonly start: number; readonly end: number }[];
}

/**
 * The entities of one text, in its order, as Hugging Face's TokenClassificationPipeline finds them: B- begins one, and
 * anything else goes on one of its type that is next to it. A type that has a B- label may have more prefixes, which
 * that pipeline doesn't know: E- and L- end an entity, S- and U- are a whole one, M- goes on (BIOES, BILOU, BMES). A
 * label without prefix is a type as it stands; that pipeline drops what is before its hyphen. And where that guesses
 * from a token's length whether it goes on a word, the words here are the tokenizer's. Throws `ShapeError` for scores
 * of other tokens or labels.
 */
export function entitiesOf(
  { encoding, scores }: ScoredTokens,
  { labels, aggregation = "simple", ignored = ["O"], text }: EntityOptions,
): Entity[] {
  checkScores({ encoding, scores }, labels);
  const isWordwise = aggregation !== "none" && aggregation !== "simple";
  const scoresOf = wordScores[isWordwise ? aggregation : "first"];
  const pieces = stretchesOf(encoding, isWordwise).map((tokens) => ({
    ...likeliestLabel(scoresOf(scores.slice(...tokens)), labels),
    tokens,
  }));
  const { ranges } = encoding;
  return (aggregation === "none" ? pieces.map(alone) : joined(pieces, labels))
    .filter(({ type }) => !ignored.includes(type))
    .map(({ type, scores, tokens }) => {
      const [start, end] = [ranges[2 * tokens[0]]!, ranges[2 * tokens[1] - 1]!];
      const score = scores.reduce((sum, each) => sum + each, 0) / scores.length;
      return { type, score, start, end, ...(text !== undefined && { text: text.slice(start, end) }), tokens };
    });
}

/**
 * A label for each word of a text that was split beforehand: that of its first token (Devlin et al. 2019, section 5.3).
 * Undefined for a word without a token: all of it was dropped, or was cut off. Throws `ShapeError` for scores of other
 * tokens or labels.
 */
export function wordLabels(
  { encoding, scores }: ScoredTokens,
  { labels, words }: WordLabelOptions,
): (WordLabel | undefined)[] {
  checkScores({ encoding, scores }, labels);
  const { ranges, specialMask } = encoding;
  let token = 0;
  return words.map(({ start, end }) => {
    while (token < scores.length && (specialMask[token] === 1 || ranges[2 * token + 1]! <= start)) token++;
    if (token === scores.length || ranges[2 * token]! >= end) return undefined;
    return { ...likeliestLabel(scores[token]!, labels), token };
  });
}

function checkScores({ encoding, scores }: ScoredTokens, labels: readonly string[]): void {
  if (scores.length !== encoding.length) {
    throw new ShapeError(`scores of ${scores.length} tokens do not fit a text of ${encoding.length}: give all of them`);
  }
  const other = scores.findIndex(({ length }) => length !== labels.length);
  if (other < 0) return;
  throw new ShapeError(
    `token ${other} has ${scores[other]!.length} scores for ${labels.length} labels: give one for each`,
  );
}

type Stretch = readonly [from: number, to: number];

/** Tokens that are not special, each alone or all of a word together. */
function stretchesOf({ length, wordIds, specialMask }: ScoredTokens["encoding"], isWordwise: boolean): Stretch[] {
  const stretches: Stretch[] = [];
  let from = 0;
  for (let to = 1; to <= length; to++) {
    if (isWordwise && to < length && wordIds[to] === wordIds[from] && specialMask[from] !== 1) continue;
    if (specialMask[from] !== 1) stretches.push([from, to]);
    from = to;
  }
  return stretches;
}

/** What each label scores for a word, from what it scores for the word's tokens. */
const wordScores: Record<WordAggregation, (tokens: readonly TokenScores[]) => ArrayLike<number>> = {
  first: ([first]) => first!,
  average: (tokens) => {
    const mean = (label: number): number => tokens.reduce((sum, scores) => sum + scores[label]!, 0) / tokens.length;
    return Array.from(tokens[0]!, (_, label) => mean(label));
  },
  max: (tokens) => tokens.reduce((best, scores) => (largest(scores) > largest(best) ? scores : best)),
};

const largest = (scores: ArrayLike<number>): number => scores[largestIndex(scores)]!;

/** Of equals the first. */
function largestIndex(scores: ArrayLike<number>): number {
  let best = 0;
  for (let index = 1; index < scores.length; index++) if (scores[index]! > scores[best]!) best = index;
  return best;
}

/** Tokens that share a label. */
interface Piece {
  readonly label: string;
  readonly score: number;
  readonly tokens: Stretch;
}

function likeliestLabel(scores: ArrayLike<number>, labels: readonly string[]): Omit<Piece, "tokens"> {
  const index = largestIndex(scores);
  return { label: labels[index]!, score: scores[index]! };
}

/** Pieces that are an entity, or what is between entities. */
interface Group {
  readonly type: string;
  readonly scores: number[];
  tokens: Stretch;
}

const alone = ({ label, score, tokens }: Piece): Group => ({ type: label, scores: [score], tokens });

function joined(pieces: readonly Piece[], labels: readonly string[]): Group[] {
  const tags = new Map(labels.map((label) => [label, tagOf(label, labels)]));
  const groups: Group[] = [];
  let open: Group | undefined;
  for (const { label, score, tokens } of pieces) {
    const { type, begins, ends } = tags.get(label)!;
    if (open && !begins && type === open.type && tokens[0] === open.tokens[1]) {
      open.scores.push(score);
      open.tokens = [open.tokens[0], tokens[1]];
    } else {
      open = { type, scores: [score], tokens };
      groups.push(open);
    }
    if (ends) open = undefined;
  }
  return groups;
}

/** What a label says: of what type an entity is, and whether one begins or ends here. */
interface Tag {
  readonly type: string;
  readonly begins: boolean;
  readonly ends: boolean;
}

function tagOf(label: string, labels: readonly string[]): Tag {
  const prefix = label.slice(0, 2);
  const type = label.slice(2);
  const knows = prefix === "B-" || prefix === "I-" || (/^[ELSUM]-/.test(label) && labels.includes(`B-${type}`));
  if (!knows) return { type: label, begins: false, ends: false };
  return { type, begins: /[BSU]/.test(prefix), ends: /[ELSU]/.test(prefix) };
}
