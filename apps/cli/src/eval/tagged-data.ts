import { type EntityText, readCluener, readConll } from "@bertkit/data";
import { entitiesOf } from "@bertkit/metrics";
import { Failure } from "../failure.js";
import type { DataFile } from "./data-file.js";

/** A sentence's words, or of CLUENER a text's characters, each with its tag. */
export interface TaggedWords {
  /** That it begins in, from 1. */
  readonly line: number;
  readonly words: readonly string[];
  readonly tags: readonly string[];
}

/** How a file says what is named in its texts. */
export interface TaggedForm {
  readonly read: (source: AsyncIterable<string>) => AsyncIterable<TaggedWords>;
  /** Of a sentence's tags, what such a file can hold. */
  readonly kept: (tags: readonly string[]) => readonly string[];
  /** Predictions as such a file has them. */
  readonly text: (sentences: readonly TaggedWords[], predicted: readonly (readonly string[])[]) => string;
}

/** CLUENER's JSON where the extension is JSON's, else words and tags in columns. */
export function taggedFormOf({ name }: DataFile): TaggedForm {
  return /\.(json|jsonl|ndjson)(\.\w+)?$/i.test(name) ? cluener : conll;
}

/**
 * Reads sentences with their tags.
 * @throws {Failure} for a file that has none, and for CLUENER's test files.
 */
export async function readTagged(file: DataFile, limit?: number): Promise<readonly TaggedWords[]> {
  const sentences = await file.readAll(taggedFormOf(file).read, limit);
  if (sentences.length > 0) return sentences;
  throw new Failure(`${file.name}: there are no sentences`, { hint: "check the file" });
}

/**
 * The tags of a file of predictions, a list for each sentence.
 * @param isPart whether the sentences are some of those that there are predictions for
 * @throws {Failure} where its sentences or words are others.
 */
export async function readPredictedTags(
  file: DataFile,
  gold: readonly TaggedWords[],
  isPart: boolean,
): Promise<readonly (readonly string[])[]> {
  const predicted = await readTagged(file, isPart ? gold.length : undefined);
  if (predicted.length !== gold.length) {
    const problem = `${file.name}: its sentences are ${predicted.length}, the data's ${gold.length}`;
    throw new Failure(problem, { hint: "predictions have the data's sentences, in their order" });
  }
  return predicted.map(({ words, tags, line }, i) => {
    const wanted = (gold[i] as TaggedWords).words;
    if (words.join("\n") === wanted.join("\n")) return tags;
    const at = wanted.findIndex((word, at) => word !== words[at]);
    const came = `${words[Math.max(at, 0)] ?? "no more"} where the data has ${wanted[at] ?? "no more"}`;
    throw new Failure(`${file.name}:${line}: in this sentence is ${came}`, {
      hint: "give predictions for these words",
    });
  });
}

const conll: TaggedForm = {
  read: (source) => readConll(source),
  kept: (tags) => tags,
  text: (sentences, predicted) =>
    sentences
      .map(({ words, tags }, i) => words.map((word, at) => `${word}\t${tags[at]}\t${predicted[i]?.[at]}\n`).join(""))
      .map((block) => `${block}\n`)
      .join(""),
};

const cluener: TaggedForm = {
  read: taggedCharacters,
  kept: entityTags,
  text: (sentences, predicted) =>
    sentences.map(({ words }, i) => `${JSON.stringify(recordOf(words, predicted[i] ?? []))}\n`).join(""),
};

async function* taggedCharacters(source: AsyncIterable<string>): AsyncGenerator<TaggedWords> {
  for await (const { line, text, entities } of readCluener(source)) {
    const words = Array.from(text);
    yield { line, words, tags: tagsOf(words, entities, line) };
  }
}

/** B- and I- for each character. Where entities overlap, the one that begins first is meant. */
function tagsOf(characters: readonly string[], entities: EntityText["entities"], line: number): readonly string[] {
  if (!entities) {
    throw new Failure(`line ${line}: this text has no labels to compare with`, { hint: "test files have none" });
  }
  let unit = 0;
  let previous: NonNullable<typeof entities>[number] | undefined;
  return characters.map((character) => {
    const entity = entities.find(({ start, end }) => start <= unit && unit < end);
    const isInside = entity !== undefined && entity === previous;
    previous = entity;
    unit += character.length;
    return entity ? `${isInside ? "I" : "B"}-${entity.type}` : "O";
  });
}

/** B- and I- of the entities that there are, whatever the tags were. */
function entityTags(tags: readonly string[]): readonly string[] {
  const kept = tags.map(() => "O");
  for (const { type, start, end } of entitiesOf(tags)) {
    kept.fill(`I-${type}`, start, end);
    kept[start] = `B-${type}`;
  }
  return kept;
}

/** As CLUENER has it: ranges of code points with both ends inclusive, by type and text. */
function recordOf(characters: readonly string[], tags: readonly string[]) {
  const label = new Map<string, Map<string, [first: number, last: number][]>>();
  for (const { type, start, end } of entitiesOf(tags)) {
    const named = label.get(type) ?? new Map<string, [first: number, last: number][]>();
    const name = characters.slice(start, end).join("");
    label.set(type, named.set(name, [...(named.get(name) ?? []), [start, end - 1]]));
  }
  const types = Array.from(label, ([type, named]) => [type, Object.fromEntries(named)] as const);
  return { text: characters.join(""), label: Object.fromEntries(types) };
}
