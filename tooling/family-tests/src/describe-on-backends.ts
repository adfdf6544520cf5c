import { type Backend, openReference } from "@bertkit/tensor";
import { largestDifference, useBackend } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { describe, expect } from "@jest/globals";

/** What tests on one backend have. */
export interface OnBackend {
  /** Called within tests. */
  readonly backend: () => Backend;
  /** How far numbers may be off: by rounding alone in double precision, else by `otherwise`. */
  expectWithin(actual: ArrayLike<number>, expected: ArrayLike<number>, otherwise: number): void;
}

// Sums of a few hundred doubles in another order. The weights are the same float32 numbers.
const double = 1e-12;

const backends = {
  "reference, float64": { open: () => openReference({ precision: "float64" }), limit: double },
  reference: { open: () => openReference(), limit: undefined },
  wasm: { open: () => openWasm(), limit: undefined },
};

/** The same tests on the reference backend in both precisions and on WebAssembly. */
export function describeOnBackends(what: string, tests: (on: OnBackend) => void): void {
  describe.each(Object.entries(backends))(`${what} on the backend %s`, (_, { open, limit }) => {
    const expectWithin: OnBackend["expectWithin"] = (actual, expected, otherwise) =>
      expect(largestDifference(actual, expected)).toBeLessThanOrEqual(limit ?? otherwise);
    tests({ backend: useBackend(open), expectWithin });
  });
}
