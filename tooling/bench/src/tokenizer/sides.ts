import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { loadTokenizer } from "bertkit";
import { importRival, loadRival, versionOfRival } from "../rivals/load-rival.js";

/** A tokenizer that has its texts. */
export interface Side {
  readonly name: string;
  /** The ids of every text, special tokens included. */
  ids(): Promise<readonly ArrayLike<number>[]>;
  /** Tokenises every text; how long it took, in milliseconds. */
  time(): Promise<number>;
  close?(): void;
}

/** The ids of a text, special tokens included. */
export type Encode = (text: string) => ArrayLike<number>;

/** Reads the tokenizer.json of a folder. */
export type Load = (folder: string) => Promise<Encode>;

/** A tokenizer library in JavaScript; `open` loads its code. */
export interface Library {
  readonly name: string;
  open(): Promise<Load>;
}

const ours: Library = {
  name: "bertkit",
  open: async () => async (folder) => {
    const tokenizer = await loadTokenizer(folder);
    return (text) => tokenizer.encodeIds(text);
  },
};

const tokenizersJs: Library = {
  name: `@huggingface/tokenizers ${versionOfRival("@huggingface/tokenizers")}`,
  async open() {
    const { Tokenizer } = await importRival<TokenizersJs>("@huggingface/tokenizers/dist/tokenizers.mjs");
    return async (folder) => {
      const tokenizer = new Tokenizer(await tokenizerJson(folder), {});
      return (text) => tokenizer.encode(text).ids;
    };
  },
};

const transformersJs: Library = {
  name: `transformers.js ${versionOfRival("@huggingface/transformers")}`,
  async open() {
    const { BertTokenizer } = loadRival<TransformersJs>("@huggingface/transformers");
    return async (folder) => {
      const tokenizer = new BertTokenizer(await tokenizerJson(folder), { tokenizer_class: "BertTokenizer" });
      return (text) => tokenizer.encode(text);
    };
  },
};

/** Ours comes first. */
export const libraries = [ours, tokenizersJs, transformersJs] as const;

interface TokenizersJs {
  readonly Tokenizer: new (
    json: unknown,
    config: object,
  ) => { encode(text: string): { readonly ids: readonly number[] } };
}

interface TransformersJs {
  readonly BertTokenizer: new (json: unknown, config: object) => { encode(text: string): readonly number[] };
}

const tokenizerJson = async (folder: string): Promise<unknown> =>
  JSON.parse(await readFile(join(folder, "tokenizer.json"), "utf8"));

/** One text after the other, on this thread. */
export async function sideOf({ name, open }: Library, folder: string, texts: readonly string[]): Promise<Side> {
  const load = await open();
  const encode = await load(folder);
  return {
    name,
    ids: async () => texts.map(encode),
    time: async () => timeOf(texts, (text) => encode(text).length),
  };
}

/** Ours, with the range and the word of every token. */
export async function sideWithRanges(folder: string, texts: readonly string[]): Promise<Side> {
  const tokenizer = await loadTokenizer(folder);
  return {
    name: "bertkit with ranges and words",
    ids: async () => texts.map((text) => tokenizer.encode(text).ids),
    time: async () =>
      timeOf(texts, (text) => {
        const { ids, ranges, wordIds } = tokenizer.encode(text);
        return ids.length + ranges.length + wordIds.length;
      }),
  };
}

/** @param lengthOf uses what it makes, so that no compiler leaves it out */
function timeOf(texts: readonly string[], lengthOf: (text: string) => number): number {
  const begin = performance.now();
  let made = 0;
  for (const text of texts) made += lengthOf(text);
  const elapsed = performance.now() - begin;
  if (made === 0) throw new Error("a side made nothing of the texts");
  return elapsed;
}

const program = fileURLToPath(new URL("../../python/tokenize_texts.py", import.meta.url));

/**
 * Hugging Face's library in Rust as Python calls it, in a process of its own that measures itself, on one thread.
 * @returns undefined where `python` has no tokenizers, or is not there
 */
export async function openPythonSide(
  python: string,
  folder: string,
  texts: readonly string[],
): Promise<Side | undefined> {
  const child = spawn(python, [program, join(folder, "tokenizer.json")], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, RAYON_NUM_THREADS: "1" },
  });
  const reader = createInterface({ input: child.stdout });
  const lines = reader[Symbol.asyncIterator]();
  // A Python that isn't there is an error of the process; the lines end then, and that is the answer.
  child.on("error", () => reader.close());
  child.stdin.on("error", () => reader.close());
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    return done ? undefined : JSON.parse(value);
  };
  const ask = async <Answer>(question: unknown): Promise<Answer> => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const answer = await next();
    if (answer === undefined) throw new Error("tokenizers in Python ended without an answer");
    return answer as Answer;
  };
  const hello = (await next()) as { readonly name: string } | undefined;
  if (!hello) return undefined;
  const ids = await ask<number[][]>(texts);
  return { name: hello.name, ids: async () => ids, time: () => ask<number>("again"), close: () => child.stdin.end() };
}
