import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { openMachine } from "../fixtures/open-machine.js";
import { sizeClass } from "./block-pool.js";

const opened = await openMachine();

test("a size class holds the size, wastes at most a quarter, and is its own class", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (bytes) => {
      const size = sizeClass(bytes);
      expect(size).toBeGreaterThanOrEqual(bytes);
      expect(size % 4).toBe(0);
      expect(size).toBeLessThanOrEqual(Math.max(256, 1.25 * bytes + 4));
      expect(sizeClass(size)).toBe(size);
    }),
  );
});

(opened ? test : test.skip)("what is given back serves the next of its size", () => {
  const { pool, device } = opened!;
  const first = pool.take(1000);
  pool.give(first);
  expect(pool.take(990)).toBe(first);
  expect(pool.take(990)).not.toBe(first);
  expect(pool.take(4000)).not.toBe(first);
  pool[Symbol.dispose]();
  device.destroy();
});
