import { HubError, reasonOf } from "../hub-error.js";
import type { Access } from "../hub-settings.js";
import { answerFailure, type Subject } from "./answer-failure.js";
import { type PersistOptions, persist, Setback } from "./patience.js";
import { SilenceWatch } from "./silence-watch.js";

/** How requests are made. */
export interface TransportOptions extends PersistOptions {
  readonly access: Access;
  readonly fetch: typeof globalThis.fetch;
}

/** What a file is asked for with. */
export interface FileRequest {
  readonly subject: Subject;
  readonly signal: AbortSignal | undefined;
}

/** Bytes of a file and where in it they belong. */
export interface PlacedBytes {
  readonly at: number;
  readonly bytes: Uint8Array;
}

// A listing of a hundred thousand files; no model's is near it.
const largestAnswer = 64 * 2 ** 20;

/**
 * Makes requests of one hub: with the token where it belongs and nowhere else, again where that may help, and with
 * every failure as a `HubError` that holds nothing secret.
 */
export class Transport {
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /** A `fetch` for the hub's client. Its answers have succeeded and are in memory, so that reading them cannot fail. */
  fetchFor(subject: Subject): typeof globalThis.fetch {
    const { patience, signal } = this.#options;
    return (input, init) =>
      persist(async () => {
        using watch = new SilenceWatch(patience.stall, signal);
        const answer = await this.#send(addressOf(input), new Headers(init?.headers), { subject, watch });
        const body = await wholeBody(this.#chunks(answer, watch));
        return new Response(body, { headers: withoutEncoding(answer.headers) });
      }, this.#options);
  }

  /**
   * A file's bytes from one on; from the first on where the server knows no ranges. The client's own `downloadFile`
   * would do for a file that comes whole, but of what goes wrong it lets through a text only: no status (a server that
   * ignores ranges would look like one that honours them), no Retry-After, and the signed address in clear.
   */
  async *read(url: string, from: number, { subject, signal }: FileRequest): AsyncGenerator<PlacedBytes> {
    using watch = new SilenceWatch(this.#options.patience.stall, signal);
    const headers = new Headers({ "accept-encoding": "identity" });
    if (from > 0) headers.set("range", `bytes=${from}-`);
    const answer = await this.#send(url, headers, { subject, watch });
    let at = answer.status === 206 ? from : 0;
    if (answer.status === 206) expectStart(answer, from);
    for await (const bytes of this.#chunks(answer, watch)) {
      yield { at, bytes };
      at += bytes.length;
    }
  }

  async #send(url: string, headers: Headers, { subject, watch }: { subject: Subject; watch: SilenceWatch }) {
    const { access, fetch, patience } = this.#options;
    // The listing's next page may be an address anywhere. Redirects need no such care: fetch drops the header there.
    const isHub = new URL(url).origin === new URL(access.endpoint).origin;
    if (isHub && access.token !== undefined) headers.set("authorization", `Bearer ${access.token}`);
    let answer: Response;
    try {
      answer = await fetch(url, { headers, signal: watch.signal });
    } catch (error) {
      throw this.#setback(error, watch, `${new URL(url).origin} cannot be reached`);
    }
    if (answer.ok) return answer;
    await answer.body?.cancel().catch(() => undefined);
    throw answerFailure(answer, subject, access, patience);
  }

  async *#chunks(answer: Response, watch: SilenceWatch): AsyncGenerator<Uint8Array> {
    const reader = answer.body?.getReader();
    try {
      while (reader) {
        watch.heard();
        const { value } = await reader.read().catch((error: unknown) => {
          throw this.#setback(error, watch, "the connection ended in the middle of an answer");
        });
        if (value === undefined) return;
        yield value;
      }
    } finally {
      await reader?.cancel().catch(() => undefined);
    }
  }

  /** What `fetch` throws is put in words and not passed on: it may hold addresses that are signed. */
  #setback(error: unknown, watch: SilenceWatch, what: string): Setback {
    watch.caller?.throwIfAborted();
    const seconds = this.#options.patience.stall / 1000;
    const reason = watch.expired ? `nothing came for ${seconds} seconds` : this.#withoutSecrets(reasonOf(error));
    const hint = "Check the connection, HF_ENDPOINT and the proxy variables; what is in the cache works offline.";
    return new Setback(new HubError("network", `${what}: ${reason}`, { hint }));
  }

  #withoutSecrets(text: string): string {
    const { token } = this.#options.access;
    const unsigned = text.replace(/\?[^\s"')]+/g, "?…").replace(/\/\/[^\s/@]+@/g, "//…@");
    return token === undefined ? unsigned : unsigned.replaceAll(token, "…");
  }
}

const addressOf = (input: RequestInfo | URL): string => (input instanceof Request ? input.url : String(input));

/** The headers that are still true of a body that is unpacked and in memory. */
function withoutEncoding(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ["content-encoding", "content-length", "transfer-encoding"]) kept.delete(name);
  return kept;
}

async function wholeBody(chunks: AsyncIterable<Uint8Array>): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > largestAnswer) throw new HubError("protocol", `an answer of the hub has over ${largestAnswer} bytes`);
    parts.push(chunk as Uint8Array<ArrayBuffer>);
  }
  return new Blob(parts);
}

/** Checks that the part which came is the part that was asked for. */
function expectStart(answer: Response, from: number): void {
  const range = answer.headers.get("content-range") ?? "";
  if (range.startsWith(`bytes ${from}-`)) return;
  throw new HubError("protocol", `a file's bytes from ${from} on were asked for, and came as ${JSON.stringify(range)}`);
}
