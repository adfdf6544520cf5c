import { createHash } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { codeOf } from "../failure.js";

/** What an interrupted run left written down, to be gone on with. */
export interface Journal {
  /** What its bytes depend on besides the rows, name → value: form, columns, model … */
  readonly identity: Readonly<Record<string, string>>;
  readonly rows: number;
  /** {@link RowDigest} of these rows. */
  readonly rowDigest: string;
  /** Bytes of the partial file that stand for these rows, the header aside; whatever follows them is to be cut. */
  readonly bytes: number;
  /** SHA-256 of these bytes. */
  readonly byteDigest: string;
  readonly tally: Tally;
  /** What the encoder must know besides. */
  readonly state: unknown;
}

/** What the caller counts on the way. */
export interface Tally {
  tokens: number;
  truncated: number;
}

/** Reads a journal: undefined where there is none, "damaged" where it is not one that {@link writeJournal} wrote. */
export async function readJournal(path: string): Promise<Journal | "damaged" | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  return parseJournal(text) ?? "damaged";
}

/** Writes the journal whole or not at all, in place of the one before. */
export async function writeJournal(path: string, journal: Journal): Promise<void> {
  const temporary = temporaryOf(path);
  try {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(journalText(journal));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Removes the journal, if there is one, and what a process killed while it wrote one has left. */
export async function removeJournal(path: string): Promise<void> {
  await rm(temporaryOf(path), { force: true });
  await rm(path, { force: true });
}

/** The journal as its file holds it: with its version, and a checksum of the rest. */
export function journalText(journal: Journal): string {
  const run = JSON.stringify(journal);
  return `{"version":${version},"checksum":"${checksum(run)}","run":${run}}\n`;
}

/** The journal that a file holds; undefined where it holds none, or one of another version. */
export function parseJournal(text: string): Journal | undefined {
  const match = /^\{"version":(\d+),"checksum":"([0-9a-f]{64})","run":(.*)\}\n$/s.exec(text);
  if (!match || Number(match[1]) !== version || checksum(match[3] as string) !== match[2]) return undefined;
  try {
    const run: unknown = JSON.parse(match[3] as string);
    return isJournal(run) ? run : undefined;
  } catch {
    return undefined;
  }
}

const version = 1;

function temporaryOf(path: string): string {
  return `${path}.new`;
}

function checksum(run: string): string {
  return createHash("sha256").update(run).digest("hex");
}

function isJournal(run: unknown): run is Journal {
  if (typeof run !== "object" || run === null) return false;
  const { identity, rows, rowDigest, bytes, byteDigest, tally } = run as Partial<Record<keyof Journal, unknown>>;
  const { tokens, truncated } = (tally ?? {}) as Partial<Record<keyof Tally, unknown>>;
  return (
    [rows, bytes, tokens, truncated].every((count) => Number.isSafeInteger(count) && (count as number) >= 0) &&
    [rowDigest, byteDigest].every((digest) => typeof digest === "string") &&
    typeof identity === "object" &&
    identity !== null &&
    Object.values(identity).every((value) => typeof value === "string")
  );
}
