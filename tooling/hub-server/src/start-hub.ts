import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { HubFiles } from "./content.js";
import { type Exchange, type LoggedRequest, refuse } from "./exchange.js";
import { Faults, type ServerName } from "./faults.js";
import { answerApi, type Library } from "./hub-api.js";
import { commit, type HubModel, type Repository, repository } from "./repositories.js";
import { answerCdn, answerResolve } from "./resolve.js";

/** What a server serves and how. */
export interface HubOptions {
  /** Models by `namespace/name`; where only files are given, a public model has them. */
  readonly models: ReadonlyMap<string, HubFiles | HubModel>;
  /** The token that opens private models. */
  readonly token?: string | undefined;
  /** Entries of a listing in one answer; 50 where absent. */
  readonly pageSize?: number | undefined;
  /** The hub's port; any free one where absent. */
  readonly port?: number | undefined;
  /** Called when an answer has ended or its connection is gone. */
  readonly onAnswered?: ((entry: LoggedRequest) => void) | undefined;
}

/** A server that runs, to be closed by whoever started it. */
export interface Hub extends AsyncDisposable {
  /** What `HF_ENDPOINT` should be. */
  readonly url: string;
  /** The address of the second server, which sends large files. */
  readonly cdnUrl: string;
  /** Every request to either server, in the order they came. */
  readonly requests: readonly LoggedRequest[];
  /** What is to go wrong. */
  readonly faults: Faults;
  /** Commits other files to a model's branch and gives the commit. */
  update(name: string, files: HubFiles, revision?: string): Promise<string>;
  /** The commit that a model's branch is at. */
  commitOf(name: string, revision?: string): string;
  forgetRequests(): void;
  close(): Promise<void>;
}

/** Starts a hub on this machine that speaks the protocol of Hugging Face's, with a second server for large files. */
export async function startHub({ models, token, pageSize = 50, port = 0, onAnswered }: HubOptions): Promise<Hub> {
  const repositories = new Map<string, Repository>();
  for (const [name, model] of models) {
    repositories.set(name, await repository(name, "files" in model ? model : { files: model }));
  }
  const requests: LoggedRequest[] = [];
  const faults = new Faults();
  const library: Library = { repositories, token, pageSize, cdn: () => addressOf(servers.cdn) };
  const serverFor = (name: ServerName) =>
    createServer((request, response) => {
      const exchange = exchangeOf(name, { request, response, faults });
      requests.push(exchange.entry);
      response.once("close", () => onAnswered?.(exchange.entry));
      answer(exchange, library).catch((error: unknown) => response.destroy(error as Error));
    });
  const servers = { hub: serverFor("hub"), cdn: serverFor("cdn") };
  await Promise.all([listen(servers.hub, port), listen(servers.cdn, 0)]);
  const close = async (): Promise<void> => {
    await Promise.all(Object.values(servers).map(shut));
  };
  const known = (name: string): Repository => {
    const found = repositories.get(name);
    if (!found) throw new RangeError(`the server has no model ${name}`);
    return found;
  };
  return {
    url: addressOf(servers.hub),
    cdnUrl: addressOf(servers.cdn),
    requests,
    faults,
    update: (name, files, revision = "main") => commit(known(name), revision, files),
    commitOf: (name, revision = "main") => known(name).refs.get(revision) ?? "",
    forgetRequests: () => void requests.splice(0),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function exchangeOf(
  server: ServerName,
  { request, response, faults }: { request: IncomingMessage; response: ServerResponse; faults: Faults },
): Exchange {
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
  const { range, authorization } = request.headers;
  const path = decodeURIComponent(url.pathname);
  const method = request.method ?? "GET";
  const entry = { server, method, path, query: url.search, range, authorization, status: 0, sent: 0 };
  return { request, response, url, entry, faults };
}

async function answer(exchange: Exchange, library: Library): Promise<void> {
  const { entry, faults, response } = exchange;
  const mishap = faults.take(entry.server, entry.path, ({ kind }) => kind === "status");
  // Browsers ask from pages of other origins.
  response.setHeader("access-control-allow-origin", "*");
  response.setHeader("access-control-expose-headers", "*");
  if (entry.method === "OPTIONS") {
    response.writeHead(204, { "access-control-allow-headers": "authorization, range" }).end();
  } else if (mishap?.kind === "status") {
    refuse(exchange, mishap.status, {
      message: `A fault of the test: ${mishap.status}`,
      headers: mishap.headers ?? {},
    });
  } else if (entry.server === "cdn") await answerCdn(exchange, library);
  else if (/^\/api\/models(\/|$)/.test(entry.path)) answerApi(exchange, library);
  else if (/\/resolve\//.test(entry.path)) await answerResolve(exchange, library);
  else refuse(exchange, 404, { message: "Sorry, we can't find the page you are looking for." });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
