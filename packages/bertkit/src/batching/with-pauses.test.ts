import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { withPauses } from "./with-pauses.js";

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const result: Item[] = [];
  for await (const item of items) result.push(item);
  return result;
}

test("items that come at once have no pause between them", async () => {
  async function* quick(): AsyncGenerator<number> {
    for (let i = 0; i < 1000; i++) yield i;
  }
  expect(await collect(withPauses(quick(), 1000))).toEqual(Array.from({ length: 1000 }, (_, i) => i));
});

test("an item that does not come is one pause, however long it takes", async () => {
  async function* slow(): AsyncGenerator<string> {
    yield "a";
    await sleep(120);
    yield "b";
  }
  expect(await collect(withPauses(slow(), 10))).toEqual(["a", undefined, "b"]);
});

test("a failure reaches the reader, after the items and the pause before it", async () => {
  async function* broken(): AsyncGenerator<string> {
    yield "a";
    await sleep(60);
    throw new Error("gone");
  }
  const seen: unknown[] = [];
  const reading = (async () => {
    for await (const item of withPauses(broken(), 10)) seen.push(item);
  })();
  await expect(reading).rejects.toThrow("gone");
  expect(seen).toEqual(["a", undefined]);
});

test("the source is closed when the reader stops", async () => {
  let closed = false;
  async function* source(): AsyncGenerator<number> {
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      closed = true;
    }
  }
  for await (const item of withPauses(source(), 1000)) if (item === 3) break;
  expect(closed).toBe(true);
});

test("a reader that stops during a pause does not wait for a source that never answers", async () => {
  const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
  for await (const item of withPauses(never, 5)) {
    expect(item).toBeUndefined();
    break;
  }
  async function* stuck(): AsyncGenerator<string> {
    yield "a";
    await new Promise(() => {});
  }
  for await (const item of withPauses(stuck(), 5)) if (item === undefined) break;
});
