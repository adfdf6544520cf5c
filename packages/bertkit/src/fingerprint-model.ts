import { CheckpointError } from "@bertkit/checkpoint";
import type { RepoView } from "@bertkit/hub";
import { modelOr } from "./default-model.js";
import type { DownloadOptions } from "./download-options.js";
import { fileSystem, filesAt, filesIn, type ModelFiles } from "./model-folder.js";
import { sentenceEncoderFiles } from "./needed-files.js";
import { fetchFiles, placeOf } from "./open-model.js";

/**
 * A text that is the same only for the same files of a sentence encoder, by whatever name: `namespace/name@commit` for
 * a model on the hub, else a hash: for a folder of the files' bytes, for an address of the sizes and validators
 * (`ETag`) that its server gives. Throws as `loadSentenceEncoder` does.
 */
export async function fingerprintModel(model?: string, options: DownloadOptions = {}): Promise<string> {
  const place = await placeOf(modelOr(model), options);
  const { signal } = options;
  if (place.kind === "hub") {
    const { name, commit } = await fetchFiles(place.name, sentenceEncoderFiles, options);
    return `${name}@${commit}`;
  }
  if (place.kind === "folder") return folderFingerprint(place.path, signal);
  return addressFingerprint(place.address, signal);
}

async function folderFingerprint(folder: string, signal: AbortSignal | undefined): Promise<string> {
  const { open, stat } = fileSystem(folder);
  const hash = globalThis.process.getBuiltinModule("node:crypto").createHash("sha256");
  const has = (path: string) => stat(`${folder}/${path}`).then(isFile, () => false);
  for (const path of await neededOf(filesIn(folder, signal), has)) {
    const file = await open(`${folder}/${path}`, "r");
    try {
      hash.update(`${JSON.stringify(path)} ${(await file.stat()).size}\n`);
      // The bytes of a file are read by a stream of its own, so that no file is ever whole in memory.
      for await (const bytes of file.createReadStream({ autoClose: false, signal })) hash.update(bytes as Uint8Array);
    } finally {
      await file.close();
    }
  }
  return `sha256:${hash.digest("hex")}`;
}

const isFile = (info: { isFile(): boolean }): boolean => info.isFile();

async function addressFingerprint(address: string, signal: AbortSignal | undefined): Promise<string> {
  const files = filesAt(address, signal);
  const head = async (path: string): Promise<Response> => {
    const answer = await fetch(`${files.place}/${path}`, { method: "HEAD", signal: signal ?? null });
    if (answer.ok || answer.status === 404 || answer.status === 410) return answer;
    throw new CheckpointError("io", `${files.place}/${path} cannot be asked for: status ${answer.status}`);
  };
  const lines: string[] = [];
  for (const path of await neededOf(files, async (path) => (await head(path)).ok)) {
    const { headers } = await head(path);
    const validators = ["content-length", "etag", "last-modified"].map((name) => headers.get(name));
    lines.push(JSON.stringify([path, ...validators]));
  }
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(lines.join("\n")));
  return `sha256:${Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** The files that a sentence encoder needs of a folder, in one order everywhere. */
async function neededOf(files: ModelFiles, has: RepoView["has"]): Promise<string[]> {
  return [...(await sentenceEncoderFiles({ has, readText: files.readText }, files.place))].sort();
}
