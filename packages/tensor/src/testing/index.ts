/**
 * For tests of backends, ops and layers: `describeBackend` runs every op on a backend against the reference,
 * `useBackend` opens one for a group of tests and finds what they leak, `checkGradients` compares gradients with finite
 * differences, `expectClose` numbers with numbers under named tolerances. Runs inside jest.
 * @module
 */
export { expectClose, largestDifference } from "./closeness.js";
export { describeBackend } from "./describe-backend.js";
export { checkGradients, placed, weightedSum } from "./numeric-gradient.js";
export { type OpCase, opCases } from "./op-cases.js";
export { type Tolerance, tolerances } from "./tolerances.js";
export { type OpenBackend, useBackend } from "./use-backend.js";
