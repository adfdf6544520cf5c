import type { TokenizationRules } from "../batching/tokenization.js";
import type { DownloadPlan, DownloadProgress, DownloadRetry } from "../download-options.js";
import type { LoadSentenceEncoderOptions } from "../load-sentence-encoder.js";
import type { EncodeOptions } from "../sentence-encoder.js";
import type { EncodedText } from "../vectors-of.js";
import type { PackedError } from "./packed-error.js";
import type { PackedTokenizer } from "./packed-tokenizer.js";
import type { PackedTokens } from "./packed-tokens.js";

/** Options of loading that a message can carry. */
export type PlainLoadOptions = Omit<
  LoadSentenceEncoderOptions,
  "worker" | "backend" | "fetch" | "signal" | "onDownload" | "onProgress" | "onRetry"
>;

export interface LoadRequest {
  /** Chosen by the caller, for `DownloadEvent` and `stopLoading`. */
  readonly load: number;
  readonly model: string;
  readonly options: PlainLoadOptions;
}

/** What the caller knows of a model that the worker has loaded. */
export interface LoadedEncoder {
  readonly encoder: number;
  readonly device: string;
  readonly width: number;
  readonly maxLength: number;
  readonly prompts: ReadonlyMap<string, string>;
}

export interface EncodeRequest {
  /** Chosen by the caller, for all that follows. */
  readonly call: number;
  readonly encoder: number;
  readonly options: Omit<EncodeOptions, "signal" | "onProgress">;
}

/** What the worker does for the thread that started it. */
export interface WorkerMethods {
  load(request: LoadRequest): LoadedEncoder;
  stopLoading(load: number): void;
  /** Begins a call: its texts are asked for, and its vectors wait to be asked for. */
  encode(request: EncodeRequest): void;
  /** The next texts of a call that are ready; undefined at the end. */
  next(call: number): readonly EncodedText[] | undefined;
  stop(call: number): void;
  dispose(encoder: number): void;
}

type PackedRetry = Omit<DownloadRetry, "failure"> & { readonly failure: PackedError };

/** What became known while a model is loaded. */
export type DownloadEvent =
  | { readonly load: number; readonly kind: "download"; readonly event: DownloadPlan }
  | { readonly load: number; readonly kind: "progress"; readonly event: DownloadProgress }
  | { readonly load: number; readonly kind: "retry"; readonly event: PackedRetry };

/** What the thread that started the worker does for it. */
export interface CallerMethods {
  /** The next texts to encode in a call; undefined at the end. */
  texts(call: number): readonly string[] | undefined;
  downloading(event: DownloadEvent): void;
}

export interface OpenTokenizerRequest {
  /** Chosen by who opens it. */
  readonly tokenizer: number;
  readonly packed: PackedTokenizer;
}

export interface TokenizeRequest {
  readonly tokenizer: number;
  readonly texts: readonly string[];
  readonly rules: TokenizationRules;
}

/** What a companion does for the worker that started it. */
export interface CompanionMethods {
  openTokenizer(request: OpenTokenizerRequest): void;
  tokenize(request: TokenizeRequest): PackedTokens;
  closeTokenizer(tokenizer: number): void;
}
