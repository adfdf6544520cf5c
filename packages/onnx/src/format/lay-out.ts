import { sizeOf, UnsupportedError } from "@bertkit/tensor";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { elementBytes, typeCodes } from "../graph/element-types.js";
import type { Attribute, Initializer, Model, Node, Port } from "../graph/model.js";

/** A file in its order: bytes that are there, and arrays that are still to be read. */
export type Layout = readonly (Uint8Array | Initializer)[];

// The first release that has opset 17 (onnx, docs/Versioning.md).
const irVersion = 8;

/** The operations are those of this version of ONNX: the first in which LayerNormalization is one of them. */
const opset = 17;

/** Protobuf's own limit: no reader takes a longer message. */
const mostBytes = 2 ** 31 - 1;

/**
 * Where everything lies in a file, by onnx.proto's numbers of fields; no array is read. Throws `UnsupportedError` for a
 * model past the 2 GiB that such a file can hold.
 */
export function layOut(model: Model, metadata: Readonly<Record<string, string>>): Layout {
  const arrays = model.initializers.reduce((sum, array) => sum + bytesIn(array), 0);
  checkSize(arrays);
  const graph: Layout = [
    written((writer) => {
      for (const node of model.nodes) message(writer, 1, (inner) => writeNode(inner, node));
      writer.tag(2, WireType.LengthDelimited).string("bertkit");
    }),
    ...model.initializers.flatMap((array) => [arrayHeader(array), array]),
    written((writer) => {
      for (const port of model.inputs) message(writer, 11, (inner) => writePort(inner, port));
      for (const port of model.outputs) message(writer, 12, (inner) => writePort(inner, port));
    }),
  ];
  const graphBytes = graph.reduce(
    (sum, piece) => sum + (piece instanceof Uint8Array ? piece.length : bytesIn(piece)),
    0,
  );
  checkSize(graphBytes);
  const head = written((writer) => {
    writer.tag(1, WireType.Varint).int64(irVersion);
    writer.tag(2, WireType.LengthDelimited).string("bertkit");
    writer.tag(7, WireType.LengthDelimited).uint32(graphBytes);
  });
  return [head, ...graph, written((writer) => writeEnd(writer, metadata))];
}

function checkSize(bytes: number): void {
  if (bytes <= mostBytes) return;
  throw new UnsupportedError(
    `an ONNX file holds at most ${mostBytes} bytes, this model has ${bytes}: make it int8 with quantize, a quarter of ` +
      "that, or write it as safetensors",
  );
}

const bytesIn = ({ type, shape }: Initializer): number => sizeOf(shape) * elementBytes[type];

/** A TensorProto and its place in the graph, up to where its bytes begin. */
function arrayHeader(array: Initializer): Uint8Array {
  const bytes = bytesIn(array);
  const header = written((writer) => {
    for (const extent of array.shape) writer.tag(1, WireType.Varint).int64(extent);
    writer.tag(2, WireType.Varint).int32(typeCodes[array.type]);
    writer.tag(8, WireType.LengthDelimited).string(array.name);
    writer.tag(9, WireType.LengthDelimited).uint32(bytes);
  });
  return written((writer) => {
    writer.tag(5, WireType.LengthDelimited).uint32(header.length + bytes);
    writer.raw(header);
  });
}

function writeNode(writer: BinaryWriter, { op, name, inputs, output, attributes }: Node): void {
  for (const input of inputs) writer.tag(1, WireType.LengthDelimited).string(input);
  writer.tag(2, WireType.LengthDelimited).string(output);
  writer.tag(3, WireType.LengthDelimited).string(name);
  writer.tag(4, WireType.LengthDelimited).string(op);
  for (const [key, attribute] of Object.entries(attributes)) {
    message(writer, 5, (inner) => writeAttribute(inner, key, attribute));
  }
}

/** AttributeProto.AttributeType. */
const attributeTypes = { float: 1, int: 2, ints: 7 } as const;

function writeAttribute(writer: BinaryWriter, name: string, attribute: Attribute): void {
  writer.tag(1, WireType.LengthDelimited).string(name);
  let type: keyof typeof attributeTypes = "ints";
  if (typeof attribute === "number") {
    type = "int";
    writer.tag(3, WireType.Varint).int64(attribute);
  } else if ("float" in attribute) {
    type = "float";
    writer.tag(2, WireType.Bit32).float(attribute.float);
  } else for (const value of attribute) writer.tag(8, WireType.Varint).int64(value);
  writer.tag(20, WireType.Varint).int32(attributeTypes[type]);
}

/** A ValueInfoProto, whose TypeProto is that of a tensor. */
function writePort(writer: BinaryWriter, { name, type, shape }: Port): void {
  writer.tag(1, WireType.LengthDelimited).string(name);
  message(writer, 2, (typeProto) =>
    message(typeProto, 1, (tensor) => {
      tensor.tag(1, WireType.Varint).int32(typeCodes[type]);
      message(tensor, 2, (shapeProto) => {
        for (const extent of shape) message(shapeProto, 1, (dimension) => writeExtent(dimension, extent));
      });
    }),
  );
}

function writeExtent(writer: BinaryWriter, extent: number | string): void {
  if (typeof extent === "number") writer.tag(1, WireType.Varint).int64(extent);
  else writer.tag(2, WireType.LengthDelimited).string(extent);
}

function writeEnd(writer: BinaryWriter, metadata: Readonly<Record<string, string>>): void {
  message(writer, 8, (opsetImport) => {
    opsetImport.tag(1, WireType.LengthDelimited).string("");
    opsetImport.tag(2, WireType.Varint).int64(opset);
  });
  for (const [key, value] of Object.entries(metadata)) {
    message(writer, 14, (entry) => {
      entry.tag(1, WireType.LengthDelimited).string(key);
      entry.tag(2, WireType.LengthDelimited).string(value);
    });
  }
}

function message(writer: BinaryWriter, field: number, body: (writer: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  body(writer);
  writer.join();
}

function written(body: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter();
  body(writer);
  return writer.finish();
}
