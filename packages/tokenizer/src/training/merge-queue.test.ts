import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Candidate, MergeQueue } from "./merge-queue.js";

test("a queue gives the most frequent pair first, then the smallest, then the oldest", () => {
  const key = fc.record({ count: fc.nat(3), pair: fc.nat(3), age: fc.nat(3) });
  const candidates = fc.uniqueArray(key, { selector: ({ count, pair, age }) => `${count} ${pair} ${age}` });
  fc.assert(
    fc.property(candidates, fc.nat(30), (keys, early) => {
      const queue = new MergeQueue();
      const given = keys.map((key): Candidate => ({ ...key, words: [] }));
      for (const candidate of given.slice(0, early)) queue.push(candidate);
      const first = queue.pop();
      if (first) queue.push(first);
      for (const candidate of given.slice(early)) queue.push(candidate);
      const wanted = [...given].sort((a, b) => b.count - a.count || a.pair - b.pair || a.age - b.age);
      expect(given.map(() => queue.pop())).toEqual(wanted);
      expect(queue.pop()).toBeUndefined();
    }),
  );
});
