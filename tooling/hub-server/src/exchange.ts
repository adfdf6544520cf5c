import type { IncomingMessage, ServerResponse } from "node:http";
import type { Faults, ServerName } from "./faults.js";

/** A request as the log keeps it. */
export interface LoggedRequest {
  readonly server: ServerName;
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly query: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
  /** Of the answer; 0 until there is one. */
  status: number;
  /** Bytes of the body that were handed to the network. */
  sent: number;
}

/** One request that is being answered. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly entry: LoggedRequest;
  readonly faults: Faults;
}

/** Answers with JSON. */
export function sendJson({ response, entry }: Exchange, value: unknown, headers: Record<string, string> = {}): void {
  const body = JSON.stringify(value);
  entry.status = 200;
  entry.sent = Buffer.byteLength(body);
  response.writeHead(200, { "content-type": "application/json; charset=utf-8", ...headers }).end(body);
}

/** Answers with a status and the hub's name for what is wrong. */
export function refuse(
  { response, entry }: Exchange,
  status: number,
  { code, message, headers = {} }: { code?: string; message: string; headers?: Readonly<Record<string, string>> },
): void {
  entry.status = status;
  const named = { ...(code && { "x-error-code": code }), "x-error-message": message, ...headers };
  response
    .writeHead(status, { "content-type": "application/json; charset=utf-8", ...named })
    .end(JSON.stringify({ error: message }));
}
