/** Extents that do not fit together, or values that do not fill a shape. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
  readonly code = "SHAPE";
}

/** Something used after its memory was given back, or before it had any. */
export class DisposedError extends Error {
  override readonly name = "DisposedError";
  readonly code = "DISPOSED";
}

/** A request that is well formed but that this backend, device or version cannot carry out. */
export class UnsupportedError extends Error {
  override readonly name = "UnsupportedError";
  readonly code = "UNSUPPORTED";
}
