import { ConfigError } from "@bertkit/layers";
import type { EncodeOptions } from "./sentence-encoder.js";

/** What `encode` takes. */
export type Texts = readonly string[] | AsyncIterable<string>;

/** A text's vector, and what it took. */
export interface EncodedText {
  readonly vector: Float32Array;
  readonly tokens: number;
  /** Whether it was cut to the maximum length. */
  readonly truncated: boolean;
}

/** Encodes texts; what is ready comes together, in the order of the texts. */
export type EncodeTexts = (texts: AsyncIterable<string>) => AsyncIterable<readonly EncodedText[]>;

/**
 * The public form of encoding: an array gives an array, a stream gives a generator, and progress is reported. Throws
 * `ConfigError` for what is neither, and for what is no text.
 */
export function vectorsOf(
  texts: Texts,
  { onProgress }: Pick<EncodeOptions, "onProgress">,
  encode: EncodeTexts,
): Promise<Float32Array[]> | AsyncGenerator<Float32Array> {
  if (Array.isArray(texts)) return collect(reported(encode(checked(texts)), onProgress));
  if (typeof texts === "object" && Symbol.asyncIterator in texts) return reported(encode(checked(texts)), onProgress);
  throw new ConfigError("encode", ["it takes an array of texts or an async iterable of them: put one text into [ ]"]);
}

async function* checked(texts: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  for await (const text of texts) {
    if (typeof text !== "string") throw new ConfigError("encode", [`it wanted a string, got ${typeof text}`]);
    yield text;
  }
}

async function* reported(
  encoded: AsyncIterable<readonly EncodedText[]>,
  onProgress: EncodeOptions["onProgress"],
): AsyncGenerator<Float32Array> {
  const done = { texts: 0, tokens: 0, truncated: 0 };
  for await (const ready of encoded) {
    for (const { vector, tokens, truncated } of ready) {
      done.texts++;
      done.tokens += tokens;
      if (truncated) done.truncated++;
      onProgress?.({ ...done });
      yield vector;
    }
  }
}

async function collect(vectors: AsyncIterable<Float32Array>): Promise<Float32Array[]> {
  const result: Float32Array[] = [];
  for await (const vector of vectors) result.push(vector);
  return result;
}
