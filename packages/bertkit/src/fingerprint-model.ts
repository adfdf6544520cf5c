import { CheckpointError } from "@bertkit/checkpoint";
import { modelOr } from "./default-model.js";
import type { DownloadOptions } from "./download-options.js";
import { fileIn, filesOf, isAddress, splitFile } from "./opening/folder-files.js";
import { fileSystem } from "./opening/model-folder.js";
import { type ModelPlace, placeOf } from "./opening/model-place.js";
import { type ModelRepo, sentenceEncoderFiles } from "./opening/needed-files.js";
import { fetchFiles } from "./opening/open-model.js";

/**
 * A text that is the same only for the same files of a sentence encoder, by whatever name: `namespace/name@commit` for
 * a model on the hub, else a hash: of files here of their bytes, of those at an address of the sizes and validators
 * (`ETag`) that its server gives. Throws as `loadSentenceEncoder` does.
 */
export async function fingerprintModel(model?: string, options: DownloadOptions = {}): Promise<string> {
  const place = await placeOf(modelOr(model), options);
  const { signal } = options;
  if (place.kind === "hub") {
    const { name, commit } = await fetchFiles(place.name, sentenceEncoderFiles, options);
    return `${name}@${commit}`;
  }
  return isAddress(place.path) ? addressFingerprint(place, signal) : fileFingerprint(place, signal);
}

type FilePlace = Exclude<ModelPlace, { readonly kind: "hub" }>;

async function fileFingerprint(place: FilePlace, signal: AbortSignal | undefined): Promise<string> {
  const { open, readdir, stat } = fileSystem(place.path);
  const hash = globalThis.process.getBuiltinModule("node:crypto").createHash("sha256");
  const has = (file: string) => stat(file).then(isFile, () => false);
  const { folder, paths } = await neededOf(place, { has, list: (path) => readdir(path) }, signal);
  for (const path of paths) {
    const file = await open(fileIn(folder, path), "r");
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

async function addressFingerprint(place: FilePlace, signal: AbortSignal | undefined): Promise<string> {
  const head = async (address: string): Promise<Response> => {
    const answer = await fetch(address, { method: "HEAD", signal: signal ?? null });
    if (answer.ok || answer.status === 404 || answer.status === 410) return answer;
    const { origin, pathname } = new URL(address);
    throw new CheckpointError("io", `${origin}${pathname} cannot be asked for: status ${answer.status}`);
  };
  const { folder, paths } = await neededOf(place, { has: async (address) => (await head(address)).ok }, signal);
  const lines: string[] = [];
  for (const path of paths) {
    const { headers } = await head(fileIn(folder, path));
    const validators = ["content-length", "etag", "last-modified"].map((name) => headers.get(name));
    lines.push(JSON.stringify([path, ...validators]));
  }
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(lines.join("\n")));
  return `sha256:${Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** How files and folders are asked for, by their whole paths or addresses. */
interface Asking {
  has(file: string): Promise<boolean>;
  list?(folder: string): Promise<readonly string[]>;
}

/** The files that a sentence encoder needs, in one order everywhere: an archive itself, or files of a folder. */
async function neededOf(
  { kind, path }: FilePlace,
  { has, list }: Asking,
  signal: AbortSignal | undefined,
): Promise<{ readonly folder: string; readonly paths: readonly string[] }> {
  const { folder, name } = kind === "folder" ? { folder: path, name: undefined } : splitFile(path);
  if (kind === "archive") return { folder, paths: [name!] };
  const files = filesOf(folder, signal);
  const repo: ModelRepo = {
    has: (inner) => has(fileIn(folder, inner)),
    readText: files.readText,
    list: list && ((inner) => list(fileIn(folder, inner))),
    weights: name,
  };
  const paths = await sentenceEncoderFiles(repo, files.place);
  return { folder, paths: [...paths].sort() };
}
