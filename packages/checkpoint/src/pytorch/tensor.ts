import type { ByteSource } from "../bytes/byte-source.js";
import type { ElementType } from "./element-types.js";
import type { Built, PickledBytes, Value } from "./pickled-value.js";

/** Where the bytes of a storage begin. */
export interface Location {
  readonly bytes: ByteSource;
  readonly begin: number;
}

/** The memory of one tensor or of several that are views of it. */
export class Storage implements Built {
  readonly what = "a storage";

  constructor(
    /** Of the elements, where a tensor does not say it. */
    readonly type: ElementType,
    /** In bytes. */
    readonly size: number,
    /** Finds the bytes when they are wanted, and checks what had not to be read before. */
    readonly locate: (signal?: AbortSignal) => Promise<Location>,
  ) {}
}

/** A storage that is a file of its own within a pickle; it is opened when the pickle has been read. */
export class EmbeddedStorage implements Built {
  readonly what = "a storage";
  storage: Storage | undefined;

  constructor(readonly file: PickledBytes) {}
}

/** A view of a storage, as a pickle states it: nothing has been checked. */
export class Tensor implements Built {
  readonly what = "a tensor";

  constructor(
    readonly storage: Storage | EmbeddedStorage,
    /** Undefined where it is the storage's. */
    readonly type: ElementType | undefined,
    /** Of the first element in the storage, in elements, as strides are. */
    readonly offset: Value | undefined,
    readonly shape: Value | undefined,
    readonly strides: Value | undefined,
  ) {}
}

/** A tensor of a kind that is listed but not read. */
export class UnreadableTensor implements Built {
  constructor(
    /** As in "a sparse tensor". */
    readonly what: string,
    /** As `CheckpointEntry.dtype` has it. */
    readonly dtype: string,
    readonly shape: Value | undefined,
  ) {}
}
