/** A type of elements as PyTorch or NumPy has it: what `CheckpointEntry.dtype` calls it, and its bytes. */
export interface ElementType {
  readonly dtype: string;
  readonly bytes: number;
}

/** The types by PyTorch's name, as in `torch.float32`. */
export const torchTypes: ReadonlyMap<string, ElementType> = typesOf([
  [8, { float64: "float64", double: "float64", int64: "int64", long: "int64", uint64: "uint64" }],
  [8, { complex64: "complex64", cfloat: "complex64" }],
  [4, { float32: "float32", float: "float32", int32: "int32", int: "int32", uint32: "uint32" }],
  [2, { float16: "float16", half: "float16", bfloat16: "bfloat16", int16: "int16", short: "int16", uint16: "uint16" }],
  [1, { int8: "int8", uint8: "uint8", bool: "bool" }],
  [16, { complex128: "complex128", cdouble: "complex128" }],
  [4, { complex32: "complex32", chalf: "complex32", qint32: "qint32" }],
  [1, { float8_e5m2: "float8_e5m2", float8_e4m3fn: "float8_e4m3", float8_e8m0fnu: "float8_e8m0" }],
  [1, { float8_e5m2fnuz: "float8_e5m2fnuz", float8_e4m3fnuz: "float8_e4m3fnuz", float4_e2m1fn_x2: "float4" }],
  [1, { qint8: "qint8", quint8: "quint8", quint4x2: "quint4x2", quint2x4: "quint2x4" }],
]);

/** The classes of storages, which give their elements' type; those called untyped count bytes. */
export const storageTypes: ReadonlyMap<string, ElementType> = typesOf([
  [8, { DoubleStorage: "float64", LongStorage: "int64", ComplexFloatStorage: "complex64" }],
  [4, { FloatStorage: "float32", IntStorage: "int32", QInt32Storage: "qint32" }],
  [2, { HalfStorage: "float16", BFloat16Storage: "bfloat16", ShortStorage: "int16" }],
  [1, { CharStorage: "int8", ByteStorage: "uint8", BoolStorage: "bool" }],
  [1, { UntypedStorage: "uint8", _UntypedStorage: "uint8" }],
  [16, { ComplexDoubleStorage: "complex128" }],
  [1, { QInt8Storage: "qint8", QUInt8Storage: "quint8", QUInt4x2Storage: "quint4x2", QUInt2x4Storage: "quint2x4" }],
]);

/** NumPy's types by kind and bytes, without the order of bytes. */
export const numpyTypes: ReadonlyMap<string, ElementType> = typesOf([
  [8, { f8: "float64", i8: "int64", u8: "uint64", c8: "complex64" }],
  [4, { f4: "float32", i4: "int32", u4: "uint32" }],
  [2, { f2: "float16", i2: "int16", u2: "uint16" }],
  [1, { i1: "int8", u1: "uint8", b1: "bool" }],
  [16, { c16: "complex128" }],
]);

function typesOf(groups: readonly (readonly [bytes: number, names: Readonly<Record<string, string>>])[]) {
  const types = new Map<string, ElementType>();
  for (const [bytes, names] of groups) {
    for (const [name, dtype] of Object.entries(names)) types.set(name, { dtype, bytes });
  }
  return types;
}
