import type { Random } from "./random.js";

/** What is opened: one file by itself, or a folder of files. */
export interface Input {
  /** By name; what has none is opened as bytes. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Whether `openArchive` opens it and reads its texts; else `openCheckpoint` does, and reads its arrays. */
  readonly isArchive?: boolean;
}

/** A parser under test: a maker of files that it should read, or refuse as it promises to. */
export interface Parser {
  readonly name: string;
  make(random: Random): Input;
}

/** A file without a name. */
export function nameless(bytes: Uint8Array): Input {
  return { files: new Map([["", bytes]]) };
}
