/** x [rows, inputs] · weightᵀ, weight [outputs, inputs]. */
export interface ProductShape {
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** What a forward pass of MiniLM multiplies for one text of 128 tokens and for eight, and one of BERT-base's. */
export const productShapes: readonly ProductShape[] = [
  { rows: 128, inputs: 384, outputs: 384 },
  { rows: 128, inputs: 384, outputs: 1536 },
  { rows: 128, inputs: 1536, outputs: 384 },
  { rows: 1024, inputs: 384, outputs: 384 },
  { rows: 1024, inputs: 384, outputs: 1536 },
  { rows: 1024, inputs: 1536, outputs: 384 },
  { rows: 1024, inputs: 768, outputs: 3072 },
];

export const showShape = ({ rows, inputs, outputs }: ProductShape): string => `${rows} × ${inputs} → ${outputs}`;

/** A multiplication and an addition are two. */
export const operationsOf = ({ rows, inputs, outputs }: ProductShape): number => 2 * rows * inputs * outputs;

/** What is multiplied: the same numbers for every side. */
export interface ProductValues {
  /** [rows, inputs] */
  readonly x: Float32Array;
  /** [outputs, inputs] */
  readonly weight: Float32Array;
}

/** Numbers between −1 and 1, of either sign as hidden states are, the same every run. */
export function productValues({ rows, inputs, outputs }: ProductShape): ProductValues {
  let state = 1;
  // Lehmer's generator with the constants of Park & Miller (1988).
  const next = () => {
    state = (state * 48271) % 2147483647;
    return (2 * state) / 2147483647 - 1;
  };
  return {
    x: Float32Array.from({ length: rows * inputs }, next),
    weight: Float32Array.from({ length: outputs * inputs }, next),
  };
}

/** [rows, columns] → [columns, rows] */
export function transposed<Values extends Float32Array | Int8Array>(values: Values, columns: number): Values {
  const rows = values.length / columns;
  const result = values.slice() as Values;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[row * columns + column]!;
  }
  return result;
}
