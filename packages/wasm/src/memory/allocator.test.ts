import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Allocator, blockAlignment } from "./allocator.js";

const start = 64;

describe("Allocator", () => {
  test("blocks never overlap, whatever the order of taking and giving back", () => {
    const step = fc.oneof(fc.record({ take: fc.nat(5000) }), fc.record({ drop: fc.nat() }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const allocator = new Allocator(start, (end) => end);
        const taken: { from: number; to: number }[] = [];
        for (const action of steps) {
          if ("take" in action) {
            const from = allocator.allocate(action.take);
            const to = from + Math.max(1, action.take);
            expect(from % blockAlignment).toBe(0);
            expect(from).toBeGreaterThanOrEqual(start);
            expect(to).toBeLessThanOrEqual(allocator.end);
            for (const other of taken) expect(to <= other.from || from >= other.to).toBe(true);
            taken.push({ from, to });
          } else if (taken.length > 0) {
            const [gone] = taken.splice(action.drop % taken.length, 1);
            expect(allocator.release(gone!.from)).toBe(true);
          }
        }
        // With everything given back, all space is one block again.
        for (const { from } of taken) allocator.release(from);
        const { end } = allocator;
        if (end > start) expect(allocator.allocate(end - start)).toBe(start);
        expect(allocator.end).toBe(end);
      }),
    );
  });

  test("the same work a second time takes no new space", () => {
    const allocator = new Allocator(start, (end) => end);
    const batch = () => {
      const blocks = [3000, 10, 700, 700, 12000].map((bytes) => allocator.allocate(bytes));
      for (const block of blocks) allocator.release(block);
    };
    batch();
    const { end } = allocator;
    for (let i = 0; i < 10; i++) batch();
    expect(allocator.end).toBe(end);
  });

  test("the smallest free block that fits is taken", () => {
    const allocator = new Allocator(start, (end) => end);
    const [large, , small] = [640, 64, 128, 64].map((bytes) => allocator.allocate(bytes));
    allocator.release(large!);
    allocator.release(small!);
    expect(allocator.allocate(100)).toBe(small);
  });

  test("free space at the end counts when it grows", () => {
    const grown: number[] = [];
    const allocator = new Allocator(start, (end) => {
      grown.push(end);
      return end;
    });
    allocator.release(allocator.allocate(1024));
    allocator.allocate(2048);
    expect(grown).toEqual([start + 1024, start + 2048]);
  });

  test("a block can be given back once", () => {
    const allocator = new Allocator(start, (end) => end);
    const block = allocator.allocate(1);
    expect(allocator.release(block)).toBe(true);
    expect(allocator.release(block)).toBe(false);
  });

  test("when it cannot grow nothing is lost", () => {
    const allocator = new Allocator(start, (end) => {
      if (end > 4096) throw new RangeError("full");
      return end;
    });
    const block = allocator.allocate(3000);
    expect(() => allocator.allocate(3000)).toThrow("full");
    allocator.release(block);
    expect(allocator.allocate(4000)).toBe(start);
  });
});
