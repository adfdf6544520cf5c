/** The tolerances tests use, by name; differences are relative to max(1, |expected|). */
export const tolerances = {
  exact: 0,
  /** Two orders of the same float32 arithmetic. */
  float32: 1e-5,
  /** Two devices, with their own exp and tanh. */
  acrossDevices: 1e-4,
  /** A derivative against finite differences in double precision. */
  numericGradient: 1e-2,
} as const;

export type Tolerance = keyof typeof tolerances;
