import { CheckpointError } from "@bertkit/checkpoint";
import { HubError } from "@bertkit/hub";
import { CheckpointMismatchError, ConfigError } from "@bertkit/layers";
import { DisposedError, ShapeError, UnsupportedError } from "@bertkit/tensor";
import { TokenizerError } from "@bertkit/tokenizer";
import { WorkerLostError } from "@bertkit/wasm";

/** The classes of errors that arrive as what they were; others arrive as `Error`, with their name. */
const classes: ReadonlyMap<string, { readonly prototype: Error }> = new Map(
  [
    CheckpointError,
    CheckpointMismatchError,
    ConfigError,
    DisposedError,
    HubError,
    RangeError,
    ShapeError,
    TokenizerError,
    TypeError,
    UnsupportedError,
    WorkerLostError,
  ].map((one) => [one.name, one]),
);

/** An error as a message can carry it: a structured clone would lose its class and its fields. */
export interface PackedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause: PackedError | undefined;
  /** Its own fields that are plain values, such as `code`. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Takes what was thrown apart; it may be anything. */
export function packError(thrown: unknown): PackedError {
  if (!(thrown instanceof Error)) {
    return { name: "Error", message: String(thrown), stack: undefined, cause: undefined, fields: {} };
  }
  const { name, message, stack, cause } = thrown;
  const fields = Object.fromEntries(Object.entries(thrown).filter(([, value]) => isPlain(value)));
  return { name, message, stack, cause: cause === undefined ? undefined : packError(cause), fields };
}

/** The error again, of its class. */
export function unpackError({ name, message, stack, cause, fields }: PackedError): Error {
  const error = new Error(message, cause && { cause: unpackError(cause) });
  const known = classes.get(name);
  if (known) Object.setPrototypeOf(error, known.prototype);
  else Object.defineProperty(error, "name", { value: name, configurable: true, writable: true });
  if (stack !== undefined) Object.defineProperty(error, "stack", { value: stack, configurable: true, writable: true });
  return Object.assign(error, fields);
}

const isPlain = (value: unknown): boolean =>
  Array.isArray(value) ? value.every(isPlain) : !["object", "function", "symbol"].includes(typeof value);
