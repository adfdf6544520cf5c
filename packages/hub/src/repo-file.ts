/** A file as a commit of a repository has it. */
export interface RepoFile {
  /** Within the repository, with forward slashes. */
  readonly path: string;
  readonly size: number;
  /**
   * What its bytes are named by: the sha256 of a file in large file storage, the sha1 that git gives any other. The
   * cache calls this its etag, for the hub sends it as one.
   */
  readonly etag: string;
}

/** How a file's bytes are to be hashed so that they give its etag; undefined for an etag of another kind. */
export function hashOf(etag: string): "sha256" | "git" | undefined {
  if (/^[0-9a-f]{64}$/.test(etag)) return "sha256";
  return /^[0-9a-f]{40}$/.test(etag) ? "git" : undefined;
}

/** What git hashes before a file's bytes. */
export const gitHeader = (size: number): string => `blob ${size}\0`;
