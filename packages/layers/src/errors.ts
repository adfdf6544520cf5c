/** A configuration that says something impossible, or lacks something needed; `problems` lists all of it. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code = "CONFIG";
  constructor(
    what: string,
    readonly problems: readonly string[],
  ) {
    super(`${what}: ${problems.join("; ")}`);
  }
}

/** A checkpoint that does not hold what a model asks for; `problems` lists every missing name and wrong shape. */
export class CheckpointMismatchError extends Error {
  override readonly name = "CheckpointMismatchError";
  readonly code = "CHECKPOINT_MISMATCH";
  constructor(readonly problems: readonly string[]) {
    super(`checkpoint does not fit this model: ${problems.join("; ")}`);
  }
}
