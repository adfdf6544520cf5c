import { CheckpointError } from "@bertkit/checkpoint";
import { HubError } from "@bertkit/hub";
import { CheckpointMismatchError, ConfigError } from "@bertkit/layers";
import { DisposedError, ShapeError, UnsupportedError } from "@bertkit/tensor";
import { TokenizerError } from "@bertkit/tokenizer";
import { WorkerLostError } from "@bertkit/wasm";
import { expect, test } from "@jest/globals";
import { packError, unpackError } from "./packed-error.js";

const crossed = (thrown: unknown): Error => unpackError(structuredClone(packError(thrown)));

test.each([
  new CheckpointError("missing", "there is no folder", { cause: new RangeError("too far") }),
  new CheckpointMismatchError(["missing a", "missing b"]),
  new ConfigError("threads", ["it must be 1"]),
  new DisposedError("it was disposed of"),
  new HubError("not-found", "no such model", { hint: "Try another.", suggestions: ["one", "two"] }),
  new ShapeError("[2] does not fit [3]"),
  new TokenizerError("invalid_file", "no JSON"),
  new UnsupportedError("no workers"),
  new WorkerLostError(),
  new TypeError("fetch failed", { cause: new Error("refused") }),
])("%p arrives with its class, its fields, its cause and where it was thrown", (error) => {
  const arrived = crossed(error);
  expect(arrived).toEqual(error);
  expect(arrived.constructor).toBe(error.constructor);
  expect({ ...arrived }).toEqual({ ...error });
  expect(arrived.cause).toEqual(error.cause);
  expect(arrived.stack).toBe(error.stack);
  expect(String(arrived)).toBe(String(error));
});

test("an error of an unknown class keeps its name and its plain fields", () => {
  class DiskError extends Error {
    override readonly name = "DiskError";
    readonly code = "ENOSPC";
    readonly file = { path: "/" };
    readonly close = (): void => {};
  }
  const arrived = crossed(new DiskError("full"));
  expect(String(arrived)).toBe("DiskError: full");
  expect(arrived).toMatchObject({ code: "ENOSPC" });
  expect(arrived).not.toHaveProperty("file");
});

test("what is thrown and no error arrives as one", () => {
  for (const thrown of ["enough", 7, undefined, null]) expect(crossed(thrown).message).toBe(String(thrown));
});
