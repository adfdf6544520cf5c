export { expectClose, largestDifference } from "./closeness.js";
export { describeBackend } from "./describe-backend.js";
export { checkGradients, placed, weightedSum } from "./numeric-gradient.js";
export { type OpCase, opCases } from "./op-cases.js";
export { type Tolerance, tolerances } from "./tolerances.js";
export { type OpenBackend, useBackend } from "./use-backend.js";
