import { CheckpointError, reasonOf } from "../checkpoint-error.js";
import { BlockCollector } from "./block-collector.js";
import type { ByteSource } from "./byte-source.js";

/** How files are fetched. */
export interface FetchOptions {
  /** The function to fetch with; the global `fetch` unless given. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Headers of every request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * The largest file, in bytes, to be taken whole from a server that ignores range requests: such a file is downloaded
   * once and kept in memory until closed. 1 GiB unless given; 0 refuses such servers.
   */
  readonly wholeFileLimit?: number | undefined;
}

// One request then brings both the size and, for a BERT, the whole header.
const firstRequest = 64 * 2 ** 10;

/**
 * The bytes behind an http(s) address, by range requests: the first 64 KiB at once, then a request a read. Every answer
 * must be the range asked for of the same file: same size, same `ETag` (or `Last-Modified` where there is none).
 * `If-Range` would find no more, and cost browsers a preflight request each time. Nothing is tried twice.
 *
 * @throws CheckpointError `missing` on 404 or 410, `io` on any other refusal, `limit` where the server ignores ranges
 * and the file is larger than `wholeFileLimit`.
 */
export async function urlBytes(url: URL, options: FetchOptions = {}, signal?: AbortSignal): Promise<ByteSource> {
  const label = labelOf(url);
  const first = await request(url, { from: 0, to: firstRequest }, options, signal);
  if (first.status === 200) return wholeFile(first, label, options.wholeFileLimit ?? 2 ** 30, signal);
  const size = await sound(first, () => sizeFrom(first, label));
  let held: Uint8Array | undefined = new Uint8Array(Math.min(size, firstRequest));
  if (size > 0) await fill(held, first, label, signal);
  else await first.body?.cancel();
  return {
    label,
    size,
    async read(from, into, readSignal) {
      readSignal?.throwIfAborted();
      if (held === undefined) throw new CheckpointError("closed", `${label} has been closed`);
      const known = held.subarray(from, from + into.length);
      into.set(known);
      if (known.length === into.length) return;
      const range = { from: from + known.length, to: from + into.length };
      const answer = await request(url, range, options, readSignal);
      await sound(answer, () => {
        checkSameFile(answer, first, size, label);
        checkRange(answer, range, label);
      });
      await fill(into.subarray(known.length), answer, label, readSignal);
    },
    async close() {
      held = undefined;
    },
  };
}

/** Bytes `[from, to)`. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** What messages call an address: without the query, which may hold a signature or a token. */
export function labelOf(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

async function request(url: URL, { from, to }: Range, options: FetchOptions, signal?: AbortSignal): Promise<Response> {
  const send = options.fetch ?? globalThis.fetch;
  const headers = { ...options.headers, range: `bytes=${from}-${to - 1}` };
  let answer: Response;
  try {
    answer = await send(url, { headers, ...(signal && { signal }) });
  } catch (error) {
    signal?.throwIfAborted();
    throw new CheckpointError("io", `${labelOf(url)}: ${reasonOf(error)}`, { cause: error });
  }
  if (answer.status === 200 || answer.status === 206 || (answer.status === 416 && from === 0)) return answer;
  await answer.body?.cancel();
  const code = answer.status === 404 || answer.status === 410 ? "missing" : "io";
  throw new CheckpointError(code, `${labelOf(url)}: the server answered ${answer.status} ${answer.statusText}`.trim());
}

/** What a check of an answer gives; where it fails, the rest of the answer is not waited for. */
async function sound<Result>(answer: Response, check: () => Result): Promise<Result> {
  try {
    return check();
  } catch (error) {
    await answer.body?.cancel();
    throw error;
  }
}

/** The file's size, from the answer to the first request. */
function sizeFrom(first: Response, label: string): number {
  if (first.status === 206) {
    const { size } = contentRange(first, label);
    checkRange(first, { from: 0, to: Math.min(size, firstRequest) }, label);
    return size;
  }
  // To a range of an empty file servers answer 416; to a file that has bytes they must not.
  if (first.headers.get("content-range")?.trim() === "bytes */0") return 0;
  throw new CheckpointError("io", `${label}: the server refused the range of its first bytes (416)`);
}

function contentRange(answer: Response, label: string): Range & { readonly size: number } {
  const text = answer.headers.get("content-range");
  const match = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16})$/.exec(text?.trim() ?? "");
  const [from, last, size] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])];
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(last) || !Number.isSafeInteger(size) || last >= size) {
    const remedy = text === null ? "; in a browser, the server must list it in Access-Control-Expose-Headers" : "";
    throw new CheckpointError("io", `${label}: wanted "Content-Range: bytes a-b/size", got ${text ?? "none"}${remedy}`);
  }
  return { from, to: last + 1, size };
}

function checkRange(answer: Response, { from, to }: Range, label: string): void {
  const got = contentRange(answer, label);
  if (got.from !== from || got.to !== to) {
    throw new CheckpointError("io", `${label}: asked for bytes [${from}, ${to}), got [${got.from}, ${got.to})`);
  }
}

function checkSameFile(answer: Response, first: Response, size: number, label: string): void {
  let change: string | undefined;
  if (answer.status !== 206) change = "the server no longer answers with ranges";
  else if (contentRange(answer, label).size !== size) change = "its size is another";
  const [before, now] = [validatorOf(first), validatorOf(answer)];
  if (before !== undefined && now !== undefined && before !== now) change ??= `it was ${before} and is ${now}`;
  if (change === undefined) return;
  throw new CheckpointError("changed", `${label} changed since it was opened: ${change}; open it again`);
}

/** What tells one version of a file from another. Of two servers for one file, only one may call its tag weak. */
function validatorOf(answer: Response): string | undefined {
  return answer.headers.get("etag")?.replace(/^W\//, "") ?? answer.headers.get("last-modified") ?? undefined;
}

/** Streams an answer's body into memory that it must fill exactly. */
async function fill(into: Uint8Array, answer: Response, label: string, signal?: AbortSignal): Promise<void> {
  let done = 0;
  await eachChunk(answer, label, signal, (chunk) => {
    if (done + chunk.length > into.length) {
      throw new CheckpointError("io", `${label}: the server sent more than the ${into.length} bytes of its answer`);
    }
    into.set(chunk, done);
    done += chunk.length;
  });
  if (done < into.length) throw truncated(label, done, into.length);
}

async function eachChunk(
  answer: Response,
  label: string,
  signal: AbortSignal | undefined,
  take: (chunk: Uint8Array) => void,
): Promise<void> {
  const reader = answer.body?.getReader();
  let taken = 0;
  while (reader) {
    let chunk: Uint8Array | undefined;
    try {
      chunk = (await reader.read()).value;
    } catch (error) {
      signal?.throwIfAborted();
      const problem = `the connection ended after ${taken} bytes of an answer: ${reasonOf(error)}`;
      throw new CheckpointError("truncated", `${label}: ${problem}`, { cause: error });
    }
    if (chunk === undefined) return;
    try {
      take(chunk);
    } catch (error) {
      await reader.cancel();
      throw error;
    }
    taken += chunk.length;
  }
}

async function wholeFile(
  answer: Response,
  label: string,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<ByteSource> {
  const advice = "raise wholeFileLimit, or give a server that honours ranges";
  const refusal = () =>
    new CheckpointError("limit", `${label}: the server ignores ranges, the file has over ${limit} bytes; ${advice}`);
  const told = answer.headers.get("content-length");
  if (told !== null && Number(told) > limit) {
    await answer.body?.cancel();
    throw refusal();
  }
  const collector = new BlockCollector();
  await eachChunk(answer, label, signal, (chunk) => {
    if (collector.size + chunk.length > limit) throw refusal();
    collector.add(chunk);
  });
  const { size } = collector;
  const encoded = answer.headers.has("content-encoding");
  if (told !== null && !encoded && size !== Number(told)) throw truncated(label, size, Number(told));
  return collector.finish(label);
}

function truncated(label: string, got: number, wanted: number): CheckpointError {
  return new CheckpointError("truncated", `${label}: the answer has ${got} bytes where ${wanted} were promised`);
}
