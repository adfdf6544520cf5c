/** What a value or an array of a graph holds. */
export type ElementType = "float32" | "uint8" | "int8" | "int32" | "int64" | "bool";

/** What the arrays that a file stores hold. */
export type StoredType = Extract<ElementType, "float32" | "int8" | "int32" | "int64">;

/** What a file calls them: onnx.proto's TensorProto.DataType. */
export const typeCodes: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
};

/** How many bytes an element takes. */
export const elementBytes: Readonly<Record<StoredType, number>> = { float32: 4, int8: 1, int32: 4, int64: 8 };
