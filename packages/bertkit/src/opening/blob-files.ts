import { openCheckpoint } from "@bertkit/checkpoint";
import type { ModelFiles } from "./model-folder.js";
import { findWeights } from "./weights-files.js";

/** Files that are to be had one by one, as a browser's cache gives them. */
export interface BlobFiles {
  readonly name: string;
  readonly files: readonly string[];
  open(path: string): Promise<Blob>;
}

/** A model's files as blobs. Their weights are read by ranges of addresses that nothing but the blobs answers. */
export function blobFiles({ name, files, open }: BlobFiles): ModelFiles {
  const folder = "https://bertkit.invalid/model";
  const answer = async (address: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const path = decodeURIComponent(String(address).slice(folder.length + 1));
    if (!files.includes(path)) return new Response(null, { status: 404 });
    return partOf(await open(path), new Headers(init?.headers).get("range"));
  };
  const has = async (path: string): Promise<boolean> => files.includes(path);
  const readText = async (path: string): Promise<string | undefined> =>
    (await has(path)) ? (await open(path)).text() : undefined;
  return {
    place: name,
    readText,
    async openCheckpoint(path, signal) {
      const [weights] = await findWeights(path, { has, readText }, name);
      return openCheckpoint(`${folder}/${weights}`, { fetch: answer, signal });
    },
  };
}

/** The answer that a server with ranges would give. */
function partOf(blob: Blob, range: string | null): Response {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? "") ?? [];
  if (first === undefined || blob.size === 0) return new Response(blob);
  const [from, to] = [Number(first), Math.min(Number(last) + 1, blob.size)];
  const headers = { "content-range": `bytes ${from}-${to - 1}/${blob.size}` };
  return new Response(blob.slice(from, to), { status: 206, headers });
}
