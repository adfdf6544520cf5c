import { isCommit } from "../../model-name.js";
import type { CachedCommit } from "../model-cache.js";
import type { NodePlace } from "./node-place.js";

/** A file of a commit that is in the cache. */
interface SnapshotFile {
  readonly path: string;
  /** The blob that it is a link to; undefined for a copy, or a link to anywhere else. */
  readonly etag: string | undefined;
  readonly bytes: number;
}

/** The commits that there are files of. */
export async function snapshotsIn({ node, snapshots }: NodePlace): Promise<string[]> {
  const entries = await node.files.readdir(snapshots, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && isCommit(entry.name)).map(({ name }) => name);
}

/** The name of the blob that a file is a link to; undefined for a copy, or a link to anywhere else. */
export async function blobOf({ node: { files, path }, blobs }: NodePlace, file: string): Promise<string | undefined> {
  const target = await files.readlink(file).catch(() => undefined);
  if (target === undefined) return undefined;
  const blob = path.resolve(path.dirname(file), target);
  return path.dirname(blob) === blobs ? path.basename(blob) : undefined;
}

/** The files of a commit; links are read, not followed. */
export async function snapshotFiles(place: NodePlace, commit: string): Promise<SnapshotFile[]> {
  const { files, path } = place.node;
  const top = path.join(place.snapshots, commit);
  const found: SnapshotFile[] = [];
  for (const full of await filesBelow(place, top)) {
    const bytes = (await files.stat(full).catch(() => undefined))?.size ?? 0;
    const relative = path.relative(top, full).split(path.sep).join("/");
    found.push({ path: relative, etag: await blobOf(place, full), bytes });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Each commit with its names, and the bytes of all of them together. */
export async function describeSnapshots(place: NodePlace): Promise<{ commits: CachedCommit[]; bytes: number }> {
  const names = await revisionsIn(place);
  const sizes = new Map<string, number>();
  const commits: CachedCommit[] = [];
  for (const commit of await snapshotsIn(place)) {
    const files = await snapshotFiles(place, commit);
    const blobs = new Map(files.map(({ etag, path, bytes }) => [etag ?? `${commit}/${path}`, bytes]));
    for (const [blob, bytes] of blobs) sizes.set(blob, bytes);
    const revisions = [...names].filter(([, at]) => at === commit).map(([name]) => name);
    commits.push({ commit, revisions, files: files.length, bytes: sum(blobs.values()) });
  }
  return { commits, bytes: sum(sizes.values()) };
}

/** Removes one commit (or everything) and the blobs that no other needs; gives the bytes that this freed. */
export async function removeSnapshots(place: NodePlace, commit: string | undefined): Promise<number> {
  const { files, path } = place.node;
  const before = await describeSnapshots(place);
  const others = before.commits.filter((one) => commit !== undefined && one.commit !== commit);
  if (others.length === 0) {
    await files.rm(place.folder, { recursive: true, force: true });
    return before.bytes;
  }
  const gone = commit as string;
  const kept = new Set<string | undefined>();
  for (const other of others) for (const { etag } of await snapshotFiles(place, other.commit)) kept.add(etag);
  const blobs = (await snapshotFiles(place, gone)).map(({ etag }) => etag);
  // Names first: what they name must be whole for as long as they do.
  for (const [name, at] of await revisionsIn(place)) if (at === gone) await files.rm(path.join(place.refs, name));
  await files.rm(path.join(place.snapshots, gone), { recursive: true, force: true });
  await files.rm(path.join(place.noExist, gone), { recursive: true, force: true });
  await files.rm(path.join(place.trees, `${gone}.json`), { force: true });
  for (const etag of new Set(blobs)) {
    if (etag === undefined || kept.has(etag)) continue;
    await files.rm(path.join(place.blobs, etag), { force: true });
    await files.rm(path.join(place.own, "verified", etag), { force: true });
  }
  return before.bytes - (await describeSnapshots(place)).bytes;
}

/** The commit of each branch and tag. */
async function revisionsIn(place: NodePlace): Promise<Map<string, string>> {
  const { files, path } = place.node;
  const names = new Map<string, string>();
  for (const full of await filesBelow(place, place.refs)) {
    const name = path.relative(place.refs, full).split(path.sep).join("/");
    names.set(name, (await files.readFile(full, "utf8").catch(() => "")).trim());
  }
  return names;
}

/** The files and links below a folder; folders that are links are not entered. */
async function filesBelow(place: NodePlace, folder: string): Promise<string[]> {
  const entries = await place.node.files.readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = entries.map(async (entry) => {
    const path = place.node.path.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(place, path) : [path];
  });
  return (await Promise.all(found)).flat();
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
