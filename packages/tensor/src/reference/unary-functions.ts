import type { UnaryKind } from "../backend.js";
import { erf, geluTanh, geluTanhSlope, normalDensity, normalProbability } from "./special-functions.js";

// Taken once: in a sandbox such as jest's every mention of a global is a slow look-up.
const { exp, log, max, sqrt, tanh } = Math;

/** Each kind of element-wise function in double precision. */
export const unaryFunctions: Record<UnaryKind, (x: number) => number> = {
  negate: (x) => -x,
  exp,
  log,
  sqrt,
  reciprocal: (x) => 1 / x,
  tanh,
  sigmoid: (x) => 1 / (1 + exp(-x)),
  erf,
  relu: (x) => max(x, 0),
  step: (x) => (x > 0 ? 1 : 0),
  gelu: (x) => x * normalProbability(x),
  geluSlope: (x) => normalProbability(x) + x * normalDensity(x),
  geluTanh,
  geluTanhSlope,
};
