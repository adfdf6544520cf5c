import type { ByteSource } from "../bytes/byte-source.js";
import { CheckpointError } from "../checkpoint-error.js";

/**
 * What a pickle holds: tuples and sets are arrays as lists are, dicts are maps, integers beyond 2^53 are bigints.
 * Containers may hold themselves.
 */
export type Value = null | boolean | number | bigint | string | Value[] | Map<Value, Value> | PickledBytes | Built;

/** What a {@link KnownGlobal} made, or one itself; what is in it only those know who know its class. */
export interface Built {
  /** What error messages call it. */
  readonly what: string;
  /** Takes what BUILD gives; where there is none, that is ignored. */
  setState?(state: Value): void;
}

/** Where in a pickle something is wrong, and how much of it may still be held. */
export interface PickleSite {
  /** What error messages call the file. */
  readonly label: string;
  error(code: "malformed" | "truncated" | "unsupported" | "limit", problem: string): CheckpointError;
  /** Counts values that are about to be made. */
  spend(values: number): void;
}

/** Bytes in a pickle: a window of the file, which is not read before they are wanted. */
export class PickledBytes {
  constructor(
    readonly bytes: ByteSource,
    readonly begin: number,
    readonly size: number,
    /** What a string of Python 2 says, where it is short and in UTF-8. */
    readonly text?: string | undefined,
  ) {}
}

/** A class or function that pickles may name: one that makes plain data, or only stands for something. */
export class KnownGlobal implements Built {
  readonly what: string;

  constructor(
    readonly path: string,
    readonly make?: (args: readonly Value[], site: PickleSite) => Value,
  ) {
    this.what = path;
  }
}

/** Something that says nothing of arrays: a device, a memory layout, the settings of a training. */
export class Opaque implements Built {
  constructor(readonly what: string) {}
}

/** The text of a string of Python 3 or a short one of Python 2. */
export function textOf(value: Value | undefined): string | undefined {
  if (typeof value === "string") return value;
  return value instanceof PickledBytes ? value.text : undefined;
}

// Of an array: the limit of PyTorch and NumPy.
const mostAxes = 64;

/** Whether a value is a shape. A long list is none, and is not looked through, for many arrays may have the same. */
export function isShape(value: Value | undefined): value is number[] {
  return Array.isArray(value) && value.length <= mostAxes && isCounts(value);
}

/** Whether a value is a tuple or list of lengths, positions or the like. */
export function isCounts(value: Value | undefined): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}

/** Whether a value is a length or a position. */
export function isCount(value: Value | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Bytes that a pickle spells as the characters U+0000 to U+00FF of a text; encoded when they are read. */
export function latin1Bytes(text: string, label: string): ByteSource {
  return {
    label,
    size: text.length,
    async read(from, into, signal) {
      signal?.throwIfAborted();
      for (let i = 0; i < into.length; i++) {
        const code = text.charCodeAt(from + i);
        if (code > 255) throw new CheckpointError("malformed", `${label}: bytes spelled as text have U+${hex(code)}`);
        into[i] = code;
      }
    },
    async close() {},
  };
}

function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, "0");
}
