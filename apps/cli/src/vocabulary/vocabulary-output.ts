import { mkdir, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { VocabularyFiles } from "@bertkit/tokenizer";
import { Failure, systemFailure } from "../failure.js";
import type { Destination } from "../output/destination.js";
import { openDestination } from "../output/open-destination.js";
import { outputPlaceOf } from "../output/output-place.js";

/** Where a vocabulary goes. Disposed of before it is complete, it leaves nothing behind. */
export interface VocabularyOutput extends AsyncDisposable {
  complete(files: VocabularyFiles): Promise<void>;
}

/**
 * Opens what is to be written: a name that ends in .txt is a vocab.txt, `-` is standard output, any other name is a
 * folder, which becomes one that `--model` takes.
 * @param inputs files that must not be overwritten
 * @throws {Failure} where it cannot be written to, or its vocab.txt would not be used.
 */
export async function openVocabularyOutput(
  output: string,
  inputs: readonly string[],
  signal: AbortSignal,
): Promise<VocabularyOutput> {
  if (output !== "-" && !/\.txt$/i.test(output)) return openFolder(output, inputs, signal);
  await outputPlaceOf(output, inputs);
  const file = await openDestination(output, signal);
  return {
    async complete({ vocabulary }) {
      await file.write(vocabulary);
      await file.complete();
    },
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
}

async function openFolder(folder: string, inputs: readonly string[], signal: AbortSignal): Promise<VocabularyOutput> {
  const made = await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw systemFailure(folder, error);
  });
  const json = join(folder, "tokenizer.json");
  const hasJson = await stat(json).then(
    () => true,
    () => false,
  );
  if (hasJson) {
    const hint = "move it away, or name another folder";
    throw new Failure(`${json} is there, and goes before the vocab.txt that would be written`, { hint });
  }
  const paths = ["vocab.txt", "tokenizer_config.json"].map((name) => join(folder, name));
  const opened: Destination[] = [];
  const dispose = async (): Promise<void> => {
    for (const destination of opened) await destination[Symbol.asyncDispose]();
    if (made !== undefined) await rmdir(folder).catch(() => {}); // what is complete is in it, and it stays
  };
  try {
    for (const path of paths) {
      await outputPlaceOf(path, inputs);
      opened.push(await openDestination(path, signal));
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    async complete({ vocabulary, config }) {
      for (const [index, text] of [vocabulary, config].entries()) await opened[index]!.write(text);
      for (const destination of opened) await destination.complete();
    },
    [Symbol.asyncDispose]: dispose,
  };
}
