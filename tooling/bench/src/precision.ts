/** How weights are held and multiplied. */
export type Precision = "float32" | "int8";

export const precisions: readonly Precision[] = ["float32", "int8"];
