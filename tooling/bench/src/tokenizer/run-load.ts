// Program: a library and a folder with a tokenizer.json → how long it takes to the ids of a first word.
import { giveResult, inputOfChild } from "../in-child.js";
import { libraries } from "./sides.js";

/** Which library, and the folder. */
export interface LoadInput {
  readonly library: number;
  readonly folder: string;
}

async function run({ library, folder }: LoadInput): Promise<number> {
  const load = await libraries[library]!.open();
  const begin = performance.now();
  const encode = await load(folder);
  if (encode("unaffable").length < 3) throw new Error("the tokenizer made nothing of a word");
  return performance.now() - begin;
}

giveResult(await run(inputOfChild<LoadInput>()));
