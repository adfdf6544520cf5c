import { broadcastShapes, sizeOf } from "@bertkit/tensor";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { broadcastStrides, joined, type Walk, walkText, walkValues } from "./strides.js";

test("an extent of 1, or one that is missing on the left, is repeated", () => {
  expect(broadcastStrides([3, 1, 5], [2, 3, 4, 5])).toEqual([0, 5, 0, 1]);
  expect(broadcastStrides([], [2, 3])).toEqual([0, 0]);
});

test("axes that every operand crosses evenly become one", () => {
  const dense = broadcastStrides([2, 3, 4], [2, 3, 4]);
  expect(joined({ extents: [2, 3, 4], strides: [dense, dense] })).toEqual({ extents: [24], strides: [[1], [1]] });
  expect(joined({ extents: [2, 3, 4], strides: [dense, broadcastStrides([4], [2, 3, 4])] })).toEqual({
    extents: [6, 4],
    strides: [
      [4, 1],
      [0, 1],
    ],
  });
  expect(joined({ extents: [1, 1], strides: [[0, 0]] })).toEqual({ extents: [], strides: [[]] });
});

test("a joined walk visits what the plain one does", () => {
  const extent = fc.integer({ min: 1, max: 3 });
  const shapes = fc.array(fc.tuple(extent, fc.boolean(), fc.boolean()), { maxLength: 5 });
  fc.assert(
    fc.property(shapes, (axes) => {
      const sides = [1, 2].map((side) => axes.map((axis) => (axis[side] ? axis[0] : 1)));
      const extents = broadcastShapes(sides[0]!, sides[1]!);
      const walk = { extents, strides: sides.map((shape) => broadcastStrides(shape, extents)) };
      const short = joined(walk);
      expect(short.extents.length).toBeLessThanOrEqual(extents.length);
      for (let i = 0; i < sizeOf(extents); i++) expect(placesOf(short, i)).toEqual(placesOf(walk, i));
    }),
  );
});

test("the text names what the values give", () => {
  const walk = {
    extents: [6, 4],
    strides: [
      [4, 1],
      [0, 1],
    ],
  };
  expect(walkValues(walk, ["a", "b"])).toEqual({
    ...{ extent0: 6, extent1: 4, aStride0: 4, aStride1: 1, bStride0: 0, bStride1: 1 },
  });
  const named = walkText(2, ["a", "b"], "i").matchAll(/p\.(\w+)/g);
  expect(new Set(Array.from(named, ([, name]) => name))).toEqual(new Set(Object.keys(walkValues(walk, ["a", "b"]))));
});

/** Where element `index` lies in each operand. */
function placesOf({ extents, strides }: Walk, index: number): number[] {
  let rest = index;
  const places = strides.map(() => 0);
  for (let axis = extents.length - 1; axis >= 0; axis--) {
    const step = rest % extents[axis]!;
    rest = Math.floor(rest / extents[axis]!);
    for (const [i, own] of strides.entries()) places[i]! += step * own[axis]!;
  }
  return places;
}
