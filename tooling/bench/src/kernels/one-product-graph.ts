import type { Precision } from "../precision.js";
import { type ProductShape, type ProductValues, transposed } from "./product-shapes.js";

/**
 * An ONNX file whose graph multiplies `x` by a weight to `y`: in float32 one MatMul, in int8 what
 * `onnxruntime.quantization.quantize_dynamic` puts in its place (activations quantised as they come, one scale for the
 * weight). Fields are those of onnx.proto3, IR version 8, opset 17.
 */
export function oneProductGraph(shape: ProductShape, values: ProductValues, precision: Precision): Uint8Array {
  const { nodes, initializers } = precision === "int8" ? int8Graph(shape, values) : float32Graph(shape, values);
  const graph = message(
    ...nodes.map((node) => field(1, node)),
    field(2, text("product")),
    ...initializers.map((initializer) => field(5, initializer)),
    field(11, valueInfo("x", [shape.rows, shape.inputs])),
    field(12, valueInfo("y", [shape.rows, shape.outputs])),
  );
  const opset = message(field(1, text("")), integer(2, 17));
  return Uint8Array.from(message(integer(1, 8), field(7, graph), field(8, opset)));
}

type Bytes = readonly Uint8Array[];

interface Graph {
  readonly nodes: readonly Uint8Array[];
  readonly initializers: readonly Uint8Array[];
}

const elementTypes = { float32: 1, uint8: 2, int8: 3 } as const;

function float32Graph({ inputs, outputs }: ProductShape, { weight }: ProductValues): Graph {
  return {
    nodes: [node("MatMul", ["x", "w"], ["y"])],
    initializers: [tensor("w", "float32", [inputs, outputs], transposed(weight, inputs))],
  };
}

function int8Graph({ inputs, outputs }: ProductShape, { weight }: ProductValues): Graph {
  const scale = weight.reduce((top, value) => Math.max(top, Math.abs(value)), 0) / 127;
  const levels = Int8Array.from(transposed(weight, inputs), (value) => Math.round(value / scale));
  return {
    nodes: [
      node("DynamicQuantizeLinear", ["x"], ["levels", "step", "zero"]),
      node("MatMulInteger", ["levels", "w", "zero", "wZero"], ["sums"]),
      node(
        "Cast",
        ["sums"],
        ["products"],
        message(field(1, text("to")), integer(3, elementTypes.float32), integer(20, 2)),
      ),
      node("Mul", ["step", "wScale"], ["scale"]),
      node("Mul", ["products", "scale"], ["y"]),
    ],
    initializers: [
      tensor("w", "int8", [inputs, outputs], levels),
      tensor("wZero", "int8", [], Int8Array.of(0)),
      tensor("wScale", "float32", [], Float32Array.of(scale)),
    ],
  };
}

const node = (
  kind: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attribute?: Uint8Array,
): Uint8Array =>
  message(
    ...inputs.map((name) => field(1, text(name))),
    ...outputs.map((name) => field(2, text(name))),
    field(4, text(kind)),
    ...(attribute ? [field(5, attribute)] : []),
  );

function tensor(
  name: string,
  type: keyof typeof elementTypes,
  extents: readonly number[],
  values: Float32Array | Int8Array,
): Uint8Array {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const dims = extents.map((extent) => integer(1, extent));
  return message(...dims, integer(2, elementTypes[type]), field(8, text(name)), field(9, raw));
}

function valueInfo(name: string, extents: readonly number[]): Uint8Array {
  const shape = message(...extents.map((extent) => field(1, message(integer(1, extent)))));
  const type = message(field(1, message(integer(1, elementTypes.float32), field(2, shape))));
  return message(field(1, text(name)), field(2, type));
}

/** A field that holds bytes: a string, a message or raw data (wire type 2). */
const field = (number: number, bytes: Uint8Array): Uint8Array =>
  message(varint(8 * number + 2), varint(bytes.length), bytes);

/** A field that holds a whole number (wire type 0). */
const integer = (number: number, value: number): Uint8Array => message(varint(8 * number), varint(value));

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Uint8Array.of(...bytes, value);
}

function message(...parts: Bytes): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
