import type { RepoFile } from "../repo-file.js";

/**
 * Where models are kept: one implementation for each kind of place. All do the same, and one test
 * (`model-cache.test.ts`) says what.
 */
export interface ModelCache {
  /** What messages call it. */
  readonly place: string;
  /** A model's part of the cache, whether it holds anything or not. */
  model(name: string): CachedRepo;
  /** What it holds. */
  list(): Promise<CachedModel[]>;
}

/**
 * What is known of a file without asking the hub.
 *
 * - `present`: it is here.
 * - `absent`: the commit has no such file.
 * - `unknown`: it is not here, and whether the commit has it was never asked.
 */
export type FileState = "present" | "absent" | "unknown";

/** One model's files of all commits. Paths are safe: whoever calls has checked them. */
export interface CachedRepo {
  /** The folder of a commit's files, where the cache is one of folders. */
  folderOf(commit: string): string | undefined;
  /** The commit that a branch or tag was at when it was last fetched whole. */
  commitOf(revision: string): Promise<string | undefined>;
  /** Says so. To be called when all that was wanted of the commit is there: others rely on it. */
  setCommit(revision: string, commit: string): Promise<void>;
  stateOf(commit: string, path: string): Promise<FileState>;
  /** Whether a file that is here is as it was when its hash was last found right; it is hashed where nobody knows. */
  isSound(commit: string, path: string): Promise<boolean>;
  /** A file that is here, as bytes that are read when needed. */
  open(commit: string, path: string): Promise<Blob>;
  /** Whether the bytes of a file are here, of this or another commit, and sound. */
  holds(file: RepoFile): Promise<boolean>;
  /**
   * The right to bring a file's bytes, with what an interrupted attempt has left of them. Undefined where they are here
   * by now: while somebody else brings them, this waits.
   */
  claim(file: RepoFile, watch: ClaimWatch): Promise<PartialBlob | undefined>;
  /** Makes a file, whose bytes are here, one of the commit's. */
  add(commit: string, file: RepoFile): Promise<void>;
  /** Notes that a commit has no such file. */
  markAbsent(commit: string, path: string): Promise<void>;
  /** Compares every file of every commit (or of one) with its hash. */
  verify(commit?: string): Promise<VerifiedFile[]>;
  /** Forgets one commit, or all; gives how many bytes that freed. Bytes that another commit needs stay. */
  remove(commit?: string): Promise<number>;
}

export interface ClaimWatch {
  readonly signal: AbortSignal | undefined;
  /** How long somebody else may be silent before their attempt counts as failed, in milliseconds. */
  readonly stall: number;
  /** Told how many bytes somebody else has brought. */
  onWait(bytes: number): void;
}

/** Bytes of a file that are being brought. */
export interface PartialBlob {
  /** How many bytes there are, from the first on. */
  readonly size: number;
  /** Adds bytes at the end; or at 0, in place of all that was there. */
  write(at: number, bytes: Uint8Array): Promise<void>;
  /** Drops all bytes. */
  empty(): Promise<void>;
  /** Puts the bytes in their place for all to use, if their hash is right; else false. */
  keep(): Promise<boolean>;
  /** Lets go of it; what could not be kept stays for a later attempt. */
  release(): Promise<void>;
}

/** A model in the cache. */
export interface CachedModel {
  readonly name: string;
  /** Where the cache is one of folders. */
  readonly folder: string | undefined;
  /** Of all its files, those shared by several commits counted once. */
  readonly bytes: number;
  readonly commits: readonly CachedCommit[];
}

export interface CachedCommit {
  readonly commit: string;
  /** The branches and tags that were at it when last fetched. */
  readonly revisions: readonly string[];
  readonly files: number;
  readonly bytes: number;
}

/**
 * A file in the cache and how it is: `ok` and `wrong` by its hash, `missing` where its bytes are gone, `unknown` where
 * nothing tells what its hash should be (copies, on systems without links).
 */
export interface VerifiedFile {
  readonly commit: string;
  readonly path: string;
  readonly bytes: number;
  readonly state: "ok" | "wrong" | "missing" | "unknown";
}
