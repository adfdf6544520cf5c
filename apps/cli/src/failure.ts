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
  const reason = (code && systemReasons.get(code)) ?? messageOf(error);
  return new Failure(`${subject}: ${reason}`, { cause: error });
}

/** The sentence for an error of any origin, on one line. */
export function sentenceOf(error: unknown): string {
  // The packages' own errors carry a code and were written for people; anything else is our bug.
  const expected = error instanceof Failure || codeOf(error) !== undefined;
  const sentence = messageOf(error).replace(/\s*\n\s*/g, " ");
  return expected ? sentence : `unexpected: ${sentence} (BERTKIT_DEBUG=1 shows where)`;
}

/** The `code` of an error, where it has one. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const systemReasons: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "no such file or folder"],
  ["ENOTDIR", "a part of the path is a file, not a folder"],
  ["EISDIR", "this is a folder, not a file"],
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["EROFS", "the file system is read-only"],
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the disk quota is used up"],
  ["EFBIG", "the file would be larger than the system allows"],
  ["EMFILE", "too many open files"],
  ["ENAMETOOLONG", "the name is too long"],
  ["ELOOP", "the links go round in a circle"],
  ["EIO", "the device reports a read or write error"],
]);
