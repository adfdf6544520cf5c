/** What {@link CheckpointSource.read} fills: floats of up to 32 bits, of 64 bits, integers and booleans, int8 alone. */
export type Values = Float32Array | Float64Array | Int32Array | Int8Array;

/** What a checkpoint says of one of its arrays. */
export interface CheckpointEntry {
  /** The extents, outermost first; empty for a scalar. */
  readonly shape: readonly number[];
  /**
   * The type of the stored elements, such as `"float32"`, `"bfloat16"` or `"int64"`: a `ReadableDType` where they can be
   * read; else what the file's format calls them.
   */
  readonly dtype: string;
}

/** How {@link CheckpointSource.read} reads. */
export interface ReadOptions {
  /** Rows `[from, to)` of the first axis; left out, the whole array. */
  readonly rows?: readonly [from: number, to: number] | undefined;
  /**
   * The memory to fill and return, exactly as long as what is read. Floats of any width go into a `Float32Array` or a
   * `Float64Array`, integers and booleans into an `Int32Array`, int8 also into an `Int8Array`. It must not be touched,
   * nor its buffer be detached (as when a WebAssembly memory grows), before the promise settles.
   */
  readonly into?: Values | undefined;
  /** Stops the read, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Named arrays in a file, read one at a time: opening costs the table of contents, a read costs what it reads. */
export interface CheckpointSource {
  /** Every array by name, in the order of their bytes. */
  readonly entries: ReadonlyMap<string, CheckpointEntry>;
  /** What the file says of itself, such as `format: "pt"`. */
  readonly metadata: ReadonlyMap<string, string>;
  /**
   * Reads an array or some of its rows, row-major: floats of up to 32 bits as a `Float32Array`, 64-bit floats as a
   * `Float64Array`, integers and booleans as an `Int32Array`, unless `into` says otherwise.
   *
   * @throws CheckpointError `argument` for an unknown name, rows or memory that do not fit; `range` for an integer that
   * does not fit 32 bits; `unsupported` for an element type that is listed but not read (8-bit floats and the like).
   */
  read(name: string, options?: ReadOptions): Promise<Values>;
  /** Gives files back; reading afterwards is an error of code `closed`. */
  close(): Promise<void>;
  /** The same as {@link CheckpointSource.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
