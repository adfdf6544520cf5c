import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { pipeline } from "node:stream/promises";

export interface ServerOptions {
  /** The folder that is served under each path, such as `/` and `/model/`. */
  readonly folders: Readonly<Record<string, string>>;
  /** Sent with every answer. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A server that runs, to be closed by whoever started it. */
export interface StaticServer {
  /** Without a slash at the end. */
  readonly address: string;
  close(): Promise<void>;
}

/** What makes a page cross-origin isolated: only then may its Workers share memory. */
export const isolation = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
} as const;

/** Serves folders to this machine, whole files and ranges of bytes, on any free port. */
export async function startServer({ folders, headers = {} }: ServerOptions): Promise<StaticServer> {
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    // A browser that goes away in the middle of a file is none of the server's faults.
    answer(request, response, folders).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
};

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  folders: ServerOptions["folders"],
): Promise<void> {
  const path = fileAt(request.url ?? "/", folders);
  const size = path === undefined ? undefined : await sizeOf(path);
  if (path === undefined || size === undefined) return void response.writeHead(404).end();
  const range = rangeOf(request.headers.range, size);
  if (range === "unsatisfiable") {
    return void response.writeHead(416, { "content-range": `bytes */${size}` }).end();
  }
  const { from, to } = range ?? { from: 0, to: size };
  response.writeHead(range ? 206 : 200, {
    "content-type": types[extname(path)] ?? "application/octet-stream",
    "content-length": to - from,
    "accept-ranges": "bytes",
    ...(range && { "content-range": `bytes ${from}-${to - 1}/${size}` }),
  });
  if (from === to || request.method === "HEAD") return void response.end();
  await pipeline(createReadStream(path, { start: from, end: to - 1 }), response);
}

/** A URL's file, from the folder with the longest path that it begins with. The URL's parser resolves each `..`. */
function fileAt(url: string, folders: ServerOptions["folders"]): string | undefined {
  const path = decodeURIComponent(new URL(url, "http://localhost").pathname);
  if (/(^|[/\\])\.\.([/\\]|$)/.test(path)) return undefined;
  const mounts = Object.keys(folders).filter((mount) => path.startsWith(mount));
  const mount = mounts.sort((a, b) => b.length - a.length)[0];
  if (mount === undefined) return undefined;
  const rest = path.slice(mount.length);
  return join(folders[mount]!, rest === "" ? "index.html" : rest);
}

async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}

/** Bytes `[from, to)` that a Range header asks for; undefined for all. Only `bytes=a-b` and `bytes=a-` are known. */
function rangeOf(header: string | undefined, size: number): { from: number; to: number } | "unsatisfiable" | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === undefined) return undefined;
  const range = { from: Number(first), to: last ? Math.min(Number(last) + 1, size) : size };
  return range.from < range.to ? range : "unsatisfiable";
}
