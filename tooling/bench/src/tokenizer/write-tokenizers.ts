import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dataPath } from "./text-sets.js";

/** The tokenizers that are measured. */
export type TokenizerName = "uncased" | "chinese" | "multilingual";

/**
 * Writes each tokenizer into a folder of its name, as a tokenizer.json that all sides read. What a published one says of
 * padding and truncation is left out: nobody is to measure zeros. Throws `Error` where BERTKIT_DATA lacks the files.
 */
export async function writeTokenizers(folder: string): Promise<void> {
  const uncased = await published("bert-base-uncased");
  const tokenizers: Readonly<Record<TokenizerName, TokenizerJson>> = {
    uncased,
    chinese: await published("bert-base-chinese"),
    // Its special tokens have the same ids as those of uncased.
    multilingual: {
      ...uncased,
      normalizer: { ...uncased.normalizer, lowercase: false },
      model: { ...uncased.model, vocab: await vocabularyOf("bert-base-multilingual-cased") },
    },
  };
  for (const [name, tokenizer] of Object.entries(tokenizers)) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, "tokenizer.json"), JSON.stringify(tokenizer));
  }
}

/** What we change of a tokenizer.json. */
interface TokenizerJson {
  readonly normalizer: object;
  readonly model: { readonly vocab: Readonly<Record<string, number>> };
}

async function published(name: string): Promise<TokenizerJson> {
  const json = JSON.parse(await readFile(dataPath(`tokenizer-files/${name}.tokenizer.json`), "utf8")) as TokenizerJson;
  return { ...json, ...{ truncation: null, padding: null } };
}

async function vocabularyOf(name: string): Promise<Record<string, number>> {
  const lines = (await readFile(dataPath(`vocab/${name}-vocab.txt`), "utf8")).split("\n");
  return Object.fromEntries(lines.filter((line) => line !== "").map((token, id) => [token, id]));
}
