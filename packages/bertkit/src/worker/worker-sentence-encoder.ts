import { DisposedError } from "@bertkit/tensor";
import { orAborted } from "../or-aborted.js";
import type { EncodeOptions, SentenceEncoder } from "../sentence-encoder.js";
import type { Shared } from "../shares.js";
import { type EncodedText, type Texts, vectorsOf } from "../vectors-of.js";
import type { LoadedEncoder } from "./protocol.js";
import { textPieces } from "./text-pieces.js";
import type { WorkerLink } from "./worker-link.js";

/** A sentence encoder whose model lives in a worker: texts go there, vectors come back, and the caller's thread is free. */
export class WorkerSentenceEncoder implements SentenceEncoder {
  readonly device: string;
  readonly width: number;
  readonly maxLength: number;
  readonly prompts: ReadonlyMap<string, string>;
  readonly #encoder: number;
  /** Stops the calls in progress. */
  readonly #stops = new Set<AbortController>();
  #shared: Shared<WorkerLink> | undefined;

  constructor({ encoder, device, width, maxLength, prompts }: LoadedEncoder, shared: Shared<WorkerLink>) {
    this.device = device;
    this.width = width;
    this.maxLength = maxLength;
    this.prompts = prompts;
    this.#encoder = encoder;
    this.#shared = shared;
  }

  encode(texts: readonly string[], options?: EncodeOptions): Promise<Float32Array[]>;
  encode(texts: AsyncIterable<string>, options?: EncodeOptions): AsyncGenerator<Float32Array>;
  encode(texts: Texts, options: EncodeOptions = {}): Promise<Float32Array[]> | AsyncGenerator<Float32Array> {
    return vectorsOf(texts, options, (checked) => this.#encode(checked, options));
  }

  /** Gives the model's memory back, rejects the calls in progress, and ends a worker that no other encoder uses. */
  [Symbol.dispose](): void {
    const shared = this.#shared;
    if (!shared) return;
    this.#shared = undefined;
    for (const stop of this.#stops) stop.abort(disposed());
    shared.resource.peer.call("dispose", this.#encoder).catch(() => {});
    shared[Symbol.dispose]();
  }

  async *#encode(
    texts: AsyncIterable<string>,
    { signal, onProgress: _, ...options }: EncodeOptions,
  ): AsyncGenerator<readonly EncodedText[]> {
    if (!this.#shared) throw disposed();
    const link = this.#shared.resource;
    const call = link.nextNumber();
    const stop = new AbortController();
    const source = new CallersTexts(texts, stop.signal);
    const follow = (): void => stop.abort(signal?.reason);
    signal?.throwIfAborted();
    signal?.addEventListener("abort", follow);
    this.#stops.add(stop);
    link.texts.set(call, () => source.next());
    try {
      await orAborted(link.peer.call("encode", { call, encoder: this.#encoder, options }), stop.signal);
      const next = (): Promise<readonly EncodedText[] | undefined> => link.peer.call("next", call);
      let coming = next();
      for (;;) {
        const ready = await orAborted(coming, stop.signal);
        if (!ready) break;
        // Asked for before these are given, so that the worker need not wait for whoever uses them.
        coming = next();
        coming.catch(() => {});
        yield ready;
      }
    } catch (error) {
      throw source.failure?.error ?? error;
    } finally {
      signal?.removeEventListener("abort", follow);
      this.#stops.delete(stop);
      link.texts.delete(call);
      link.peer.call("stop", call).catch(() => {});
      source.close();
    }
  }
}

const disposed = (): DisposedError => new DisposedError("this sentence encoder was disposed of");

/** The texts of a call. What their source throws is kept: it is what the caller gets, not its copy from the worker. */
class CallersTexts {
  readonly #pieces: AsyncGenerator<readonly string[], undefined>;
  failure: { readonly error: unknown } | undefined;

  constructor(texts: AsyncIterable<string>, signal: AbortSignal) {
    this.#pieces = textPieces(texts, signal);
  }

  async next(): Promise<readonly string[] | undefined> {
    try {
      return (await this.#pieces.next()).value;
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }

  close(): void {
    this.#pieces.return(undefined).catch(() => {});
  }
}
