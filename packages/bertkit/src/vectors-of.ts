import { ConfigError } from "@bertkit/layers";
import type { EncodeOptions } from "./sentence-encoder.js";
import { answersOf, type Inputs } from "./tasks/answers-of.js";
import type { Answered, TaskProgress } from "./tasks/task-model.js";

/** What `encode` takes. */
export type Texts = Inputs<string>;

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
  const progress = onProgress && {
    onProgress: ({ inputs, ...rest }: TaskProgress) => onProgress({ texts: inputs, ...rest }),
  };
  return answersOf({ name: "encode", input: "text" }, texts, { ...progress }, (given) =>
    answered(encode(checked(given))),
  );
}

async function* checked(texts: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const text of texts) {
    if (typeof text !== "string") throw new ConfigError("encode", [`it wanted a string, got ${typeof text}`]);
    yield text;
  }
}

async function* answered(encoded: AsyncIterable<readonly EncodedText[]>): AsyncGenerator<Answered<Float32Array>> {
  for await (const ready of encoded) {
    for (const { vector, tokens, truncated } of ready) yield { answer: vector, tokens, truncated };
  }
}
