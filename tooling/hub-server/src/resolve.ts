import { createHash } from "node:crypto";
import type { ServedFile } from "./content.js";
import { type Exchange, refuse } from "./exchange.js";
import { type Library, seen, unknownRevision } from "./hub-api.js";
import { commitOf } from "./repositories.js";
import { sendFile } from "./send-file.js";

/** Answers `/NAME/resolve/REVISION/PATH`: small files here, large ones by a redirect with a signed address. */
export async function answerResolve(exchange: Exchange, library: Library): Promise<void> {
  const { url, response, entry } = exchange;
  const [, name = "", encoded = "", path = ""] = /^\/(.+?)\/resolve\/([^/]+)\/(.+)$/.exec(url.pathname) ?? [];
  const found = seen(exchange, library, decodeURIComponent(name));
  if (!found) return;
  const message = "Access to this model is restricted and you are not in the authorized list.";
  if (found.gated) return refuse(exchange, entry.authorization ? 403 : 401, { code: "GatedRepo", message });
  const revision = decodeURIComponent(encoded);
  const sha = commitOf(found, revision);
  if (sha === undefined) return unknownRevision(exchange, revision);
  const file = found.commits.get(sha)?.get(decodeURIComponent(path));
  const commit = { "x-repo-commit": sha };
  if (!file) return refuse(exchange, 404, { code: "EntryNotFound", message: "Entry not found", headers: commit });
  if (file.sha256 === undefined) return sendFile(exchange, file, { ...commit, etag: `"${file.oid}"` });
  entry.status = 302;
  const headers = { ...commit, "x-linked-etag": `"${file.sha256}"`, "x-linked-size": String(file.size) };
  response.writeHead(302, { ...headers, location: signedAddress(library.cdn(), file) }).end();
}

/** Answers the other host: only for addresses that the hub has signed, and never for whoever shows a token here. */
export async function answerCdn(exchange: Exchange, { repositories }: Library): Promise<void> {
  const { url, entry } = exchange;
  if (entry.authorization !== undefined) return refuse(exchange, 400, { message: "Only one auth mechanism allowed" });
  const sha256 = url.pathname.split("/")[2] ?? "";
  if (url.searchParams.get("X-Amz-Signature") !== signatureOf(sha256)) {
    return refuse(exchange, 403, { message: "The request signature we calculated does not match" });
  }
  for (const { commits } of repositories.values()) {
    for (const files of commits.values()) {
      for (const file of files.values()) {
        if (file.sha256 === sha256) return sendFile(exchange, file, { etag: `"${sha256.slice(0, 32)}"` });
      }
    }
  }
  refuse(exchange, 404, { message: "No such key" });
}

function signedAddress(cdn: string, { path, sha256 }: ServedFile): string {
  const place = `${cdn}/lfs/${sha256}/${path.split("/").map(encodeURIComponent).join("/")}`;
  return `${place}?X-Amz-Expires=3600&X-Amz-Signature=${signatureOf(sha256 ?? "")}`;
}

const signatureOf = (sha256: string): string => createHash("sha256").update(`signed ${sha256}`).digest("hex");
