import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { openPyTorch } from "../fixtures/open-pytorch.js";
import { op, storage, tensor, zipFile } from "../fixtures/pickle-assembler.js";

/** Views of a storage: a block of some axes, in any order of them, of which every second or third row may be seen. */
const views = fc
  .record({
    extents: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }),
    order: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
    steps: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }),
    offset: fc.nat(5),
  })
  .map(({ extents, order, steps, offset }) => {
    const strides = new Array<number>(extents.length).fill(0);
    let stride = 1;
    for (const axis of [...extents.keys()].sort((left, right) => order[left]! - order[right]!)) {
      strides[axis] = stride * steps[axis]!;
      stride *= extents[axis]! * Math.max(1, steps[axis]!);
    }
    return { shape: extents, strides, offset, count: offset + stride };
  });

/** What a view shows, by its definition: at index (i, j, …) the element offset + i · stride + j · stride … */
function elementsOf(shape: readonly number[], strides: readonly number[], offset: number): number[] {
  const [extent, ...inner] = shape;
  if (extent === undefined) return [offset];
  return Array.from({ length: extent }, (_, i) => elementsOf(inner, strides.slice(1), offset + i * strides[0]!)).flat();
}

const storages = fc.constantFrom(
  { storageClass: "ByteStorage", Elements: Uint8Array, modulus: 200 },
  { storageClass: "ShortStorage", Elements: Int16Array, modulus: 2 ** 15 },
  { storageClass: "FloatStorage", Elements: Float32Array, modulus: 2 ** 24 },
  { storageClass: "DoubleStorage", Elements: Float64Array, modulus: 2 ** 24 },
);

test("a view shows the elements that its strides lead to, whole and by rows", async () => {
  await fc.assert(
    fc.asyncProperty(
      views,
      storages,
      fc.nat(),
      fc.nat(),
      async (view, { storageClass, Elements, modulus }, left, right) => {
        const { shape, strides, offset, count } = view;
        const numberAt = (element: number) => (element * 7919) % modulus;
        const content = Elements.from(Array.from({ length: count }, (_, element) => numberAt(element)));
        const value = op.dict({ a: tensor(storage("0", count, storageClass), offset, shape, strides) });
        await using source = await openPyTorch(zipFile(value, { 0: new Uint8Array(content.buffer) }));
        const wanted = elementsOf(shape, strides, offset).map(numberAt);
        expect([...(await source.read("a"))]).toEqual(wanted);
        if (storageClass === "DoubleStorage") {
          expect([...(await source.read("a", { into: new Float32Array(wanted.length) }))]).toEqual(wanted);
        }
        const [extent, ...inner] = shape;
        if (extent === undefined) return;
        const [from, to] = [left % (extent + 1), right % (extent + 1)].sort((a, b) => a - b) as [number, number];
        const row = inner.reduce((product, other) => product * other, 1);
        expect([...(await source.read("a", { rows: [from, to] }))]).toEqual(wanted.slice(from * row, to * row));
      },
    ),
  );
});
