/** Exit codes, as `--help` lists them. */
export const exitCodes = { ok: 0, failure: 1, usage: 2, interrupted: 130, terminated: 143 } as const;

export interface FailureOptions extends ErrorOptions {
  /** What to do now, in a sentence of its own. */
  readonly hint?: string | undefined;
  readonly exitCode?: number | undefined;
}

/** An end of the program that is no bug: one sentence that says what (none where it says itself), one what to do. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly hint: string | undefined;
  readonly exitCode: number;

  constructor(message: string, { hint, exitCode = exitCodes.failure, ...options }: FailureOptions = {}) {
    super(message, options);
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

/** A mistake in the command line itself. */
export function usageFailure(message: string, hint?: string): Failure {
  return new Failure(message, { exitCode: exitCodes.usage, hint });
}

/** What the system refused, in words: `subject` is the file or stream that it is about. */
export function systemFailure(subject: string, error: unknown): Failure {
  const code = codeOf(error);
  const [reason, hint] = (code && systemReasons.get(code)) || [messageOf(error)];
  return new Failure(`${subject}: ${reason}`, { cause: error, hint });
}

/** The `code` of an error, where it has one. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** What an error says of itself. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const systemReasons: ReadonlyMap<string, readonly [reason: string, hint: string]> = new Map([
  ["ENOENT", ["no such file or folder", "check the name, and the folder that you are in"]],
  ["ENOTDIR", ["a part of the path is a file, not a folder", "check the path"]],
  ["EISDIR", ["this is a folder, not a file", "name a file in it"]],
  ["EACCES", ["permission denied", "ask its owner for access, or name another place"]],
  ["EPERM", ["permission denied", "ask its owner for access, or name another place"]],
  ["EROFS", ["the file system is read-only", "name another place"]],
  ["ENOSPC", ["the disk is full", "make room, or name another place; what is done so far can be resumed"]],
  ["EDQUOT", ["the disk quota is used up", "make room, or name another place; what is done so far can be resumed"]],
  ["EFBIG", ["the file would be larger than the system allows", "write fewer rows into one file"]],
  ["EMFILE", ["too many open files", "raise the limit (ulimit -n), or name fewer files"]],
  ["ENAMETOOLONG", ["the name is too long", "choose a shorter one"]],
  ["ELOOP", ["the links go round in a circle", "name the file itself"]],
  ["EIO", ["the device reports a read or write error", "check the disk; this is not the program's doing"]],
]);
