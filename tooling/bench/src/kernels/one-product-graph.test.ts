import { describe, expect, test } from "@jest/globals";
import { oneProductGraph } from "./one-product-graph.js";

type Message = Map<number, (number | Uint8Array)[]>;

/** Reads protobuf's wire format as its specification has it: varints (type 0) and bytes (type 2). */
function messageIn(bytes: Uint8Array): Message {
  const fields: Message = new Map();
  let at = 0;
  const varint = (): number => {
    for (let value = 0, unit = 1; ; unit *= 128) {
      const byte = bytes[at++]!;
      value += (byte % 128) * unit;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const value = varint();
    const isBytes = tag % 8 === 2;
    const content = isBytes ? bytes.slice(at, at + value) : value;
    if (isBytes) at += value;
    const number = Math.floor(tag / 8);
    fields.set(number, [...(fields.get(number) ?? []), content]);
  }
  return fields;
}

const messages = (message: Message, number: number): Message[] =>
  (message.get(number) ?? []).map((bytes) => messageIn(bytes as Uint8Array));
const texts = (message: Message, number: number): string[] =>
  (message.get(number) ?? []).map((bytes) => new TextDecoder().decode(bytes as Uint8Array));

const shape = { rows: 200, inputs: 2, outputs: 3 };
const values = { x: new Float32Array(400), weight: Float32Array.of(1, -0.5, 0.25, 0, 1, 0.5) };

describe("an ONNX graph of one product", () => {
  test("names its version, and its input and output with their extents", () => {
    const model = messageIn(oneProductGraph(shape, values, "float32"));
    expect(model.get(1)).toEqual([8]);
    expect(messages(model, 8)[0]!.get(2)).toEqual([17]);
    const [graph] = messages(model, 7);
    for (const [field, name, extents] of [
      [11, "x", [200, 2]],
      [12, "y", [200, 3]],
    ] as const) {
      const [value] = messages(graph!, field);
      expect(texts(value!, 1)).toEqual([name]);
      const [tensor] = messages(messages(value!, 2)[0]!, 1);
      expect(tensor!.get(1)).toEqual([1]);
      expect(messages(messages(tensor!, 2)[0]!, 1).map((dimension) => dimension.get(1)![0])).toEqual(extents);
    }
  });

  test("in float32 is a MatMul with the weight transposed", () => {
    const [graph] = messages(messageIn(oneProductGraph(shape, values, "float32")), 7);
    expect(messages(graph!, 1).map((node) => [texts(node, 1), texts(node, 4), texts(node, 2)])).toEqual([
      [["x", "w"], ["MatMul"], ["y"]],
    ]);
    const [weight] = messages(graph!, 5);
    expect(weight!.get(1)).toEqual([2, 3]);
    const raw = weight!.get(9)![0] as Uint8Array;
    expect([...new Float32Array(raw.buffer)]).toEqual([1, 0.25, 1, -0.5, 0, 0.5]);
  });

  test("in int8 has levels of one scale, which the last Mul undoes", () => {
    const [graph] = messages(messageIn(oneProductGraph(shape, values, "int8")), 7);
    expect(messages(graph!, 1).flatMap((node) => texts(node, 4))).toEqual([
      "DynamicQuantizeLinear",
      "MatMulInteger",
      "Cast",
      "Mul",
      "Mul",
    ]);
    const [weight, , scale] = messages(graph!, 5);
    expect([...new Int8Array((weight!.get(9)![0] as Uint8Array).buffer)]).toEqual([127, 32, 127, -63, 0, 64]);
    expect(new Float32Array((scale!.get(9)![0] as Uint8Array).buffer)[0]).toBeCloseTo(1 / 127);
  });
});
