import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import type { ServedFile } from "./content.js";
import { type Exchange, refuse } from "./exchange.js";
import type { Mishap } from "./faults.js";

/** Bytes `[from, to)`. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** Answers HEAD and GET with a file or the range of it that was asked for, as far as no mishap is due. */
export async function sendFile(exchange: Exchange, file: ServedFile, headers: Record<string, string>): Promise<void> {
  const { request, response, entry, faults } = exchange;
  const mishap =
    request.method === "HEAD" ? undefined : faults.take(entry.server, entry.path, ({ kind }) => kind !== "status");
  const asked = mishap?.kind === "ignore-range" ? undefined : rangeOf(request.headers.range, file.size);
  if (asked === "unsatisfiable") {
    const contentRange = { "content-range": `bytes */${file.size}` };
    return refuse(exchange, 416, { message: "The range is not satisfiable", headers: contentRange });
  }
  const range = asked ?? { from: 0, to: file.size };
  const length = range.to - range.from;
  entry.status = asked ? 206 : 200;
  response.writeHead(entry.status, {
    "content-type": "application/octet-stream",
    "content-length": mishap?.kind === "shorten" ? Math.min(mishap.after, length) : length,
    "accept-ranges": "bytes",
    ...(asked && { "content-range": `bytes ${range.from}-${range.to - 1}/${file.size}` }),
    ...headers,
  });
  if (request.method === "HEAD") response.end();
  else await sendBody(exchange, file, range, mishap);
}

/** What a Range header asks for; undefined for all. Only `bytes=a-b` and `bytes=a-` are known. */
function rangeOf(header: string | undefined, size: number): Range | "unsatisfiable" | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === undefined) return undefined;
  const range = { from: Number(first), to: last ? Math.min(Number(last) + 1, size) : size };
  return range.from < range.to ? range : "unsatisfiable";
}

async function sendBody(exchange: Exchange, file: ServedFile, { from, to }: Range, mishap?: Mishap): Promise<void> {
  const { response, entry } = exchange;
  const ending = mishap && "after" in mishap ? mishap : undefined;
  const end = Math.min(to, from + (ending?.after ?? Number.POSITIVE_INFINITY));
  const middle = mishap?.kind === "wrong-bytes" ? from + Math.floor((to - from) / 2) : -1;
  const closed = once(response, "close");
  for await (const bytes of file.read(from, end)) {
    const at = from + entry.sent;
    const piece = Uint8Array.from(bytes);
    if (middle >= at && middle < at + piece.length) piece[middle - at]! ^= 255;
    for (const part of mishap?.kind === "slow" ? split(piece, 2 ** 12) : [piece]) {
      if (response.destroyed) return;
      entry.sent += part.length;
      if (!response.write(part)) await Promise.race([once(response, "drain"), closed]);
      if (mishap?.kind === "slow") await pause((1000 * part.length) / mishap.bytesPerSecond);
    }
  }
  await finish(exchange, ending?.kind);
}

async function finish({ response }: Exchange, kind?: Mishap["kind"]): Promise<void> {
  if (kind === "stall") return;
  if (kind !== "reset" && kind !== "cut") return void response.end();
  // What was written has to leave first, or the bytes that count would be lost with the connection.
  await pause(20);
  if (kind === "reset") response.socket?.resetAndDestroy();
  else response.socket?.end();
}

function* split(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}
