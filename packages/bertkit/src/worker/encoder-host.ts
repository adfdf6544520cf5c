import { DisposedError } from "@bertkit/tensor";
import type { DownloadOptions } from "../download-options.js";
import { loadPipeline } from "../load-pipeline.js";
import type { SentencePipeline } from "../sentence-pipeline.js";
import type { EncodedText } from "../vectors-of.js";
import { CallTokens } from "./call-tokens.js";
import { Companion } from "./companion.js";
import { packError } from "./packed-error.js";
import { type Handlers, Peer, type Port, Transferred } from "./peer.js";
import type {
  CallerMethods,
  CompanionMethods,
  DownloadEvent,
  EncodeRequest,
  LoadedEncoder,
  LoadRequest,
  WorkerMethods,
} from "./protocol.js";
import { tokenizerHost } from "./tokenizer-host.js";

interface Call {
  readonly encoder: number;
  readonly encoding: AsyncGenerator<readonly EncodedText[]>;
  readonly stop: AbortController;
  readonly tokens: CallTokens;
}

/** The worker's side: models, and the calls that are in progress on them. */
export class EncoderHost {
  readonly #encoders = new Map<number, SentencePipeline>();
  readonly #calls = new Map<number, Call>();
  readonly #loads = new Map<number, AbortController>();
  readonly #caller: Peer<WorkerMethods & CompanionMethods, CallerMethods>;
  readonly #companion: Companion;
  #loaded = 0;

  constructor(port: Port, companion = new Companion()) {
    this.#companion = companion;
    const handlers: Handlers<WorkerMethods & CompanionMethods> = {
      ...tokenizerHost(),
      load: (request) => this.#load(request),
      stopLoading: (load) => this.#loads.get(load)?.abort(),
      encode: (request) => this.#encode(request),
      next: (call) => this.#next(call),
      stop: (call) => this.#stop(call),
      dispose: (encoder) => this.#dispose(encoder),
    };
    this.#caller = new Peer(port, handlers);
  }

  async #load({ load, model, options }: LoadRequest): Promise<LoadedEncoder> {
    const stop = new AbortController();
    this.#loads.set(load, stop);
    try {
      const pipeline = await loadPipeline(model, { ...options, ...this.#callbacks(load), signal: stop.signal });
      const encoder = ++this.#loaded;
      this.#encoders.set(encoder, pipeline);
      const { device, width, maxLength, prompts } = pipeline;
      return { encoder, device, width, maxLength, prompts };
    } finally {
      this.#loads.delete(load);
    }
  }

  #callbacks(load: number): Pick<DownloadOptions, "onDownload" | "onProgress" | "onRetry"> {
    const tell = (event: DownloadEvent): void => void this.#caller.call("downloading", event);
    return {
      onDownload: (event) => tell({ load, kind: "download", event }),
      onProgress: (event) => tell({ load, kind: "progress", event }),
      onRetry: (event) => tell({ load, kind: "retry", event: { ...event, failure: packError(event.failure) } }),
    };
  }

  #encode({ call, encoder, options }: EncodeRequest): void {
    const pipeline = this.#encoders.get(encoder);
    if (!pipeline) throw new DisposedError("this sentence encoder was disposed of");
    const stop = new AbortController();
    const tokens = new CallTokens(() => this.#caller.call("texts", call), this.#companion);
    const encoding = pipeline.encodeTokens(tokens, { ...options, signal: stop.signal });
    this.#calls.set(call, { encoder, encoding, stop, tokens });
  }

  async #next(call: number): Promise<readonly EncodedText[] | Transferred<readonly EncodedText[]> | undefined> {
    const { done, value } = (await this.#calls.get(call)?.encoding.next()) ?? { done: true, value: undefined };
    if (done) return undefined;
    return new Transferred(
      value,
      value.map(({ vector }) => vector.buffer),
    );
  }

  #stop(call: number): void {
    const stopped = this.#calls.get(call);
    this.#calls.delete(call);
    stopped?.tokens[Symbol.dispose]();
    stopped?.stop.abort();
    stopped?.encoding.return(undefined).catch(() => {});
  }

  #dispose(encoder: number): void {
    for (const [call, { encoder: used }] of this.#calls) if (used === encoder) this.#stop(call);
    const pipeline = this.#encoders.get(encoder);
    if (!pipeline) return;
    this.#companion.forget(pipeline.tokenizer);
    pipeline[Symbol.dispose]();
    this.#encoders.delete(encoder);
  }
}
