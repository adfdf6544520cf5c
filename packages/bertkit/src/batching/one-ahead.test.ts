import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { oneAhead } from "./one-ahead.js";

/** Numbers from 0, with what happens to them. */
function numbers(end: number): { readonly events: string[]; readonly source: AsyncGenerator<number> } {
  const events: string[] = [];
  async function* count(): AsyncGenerator<number> {
    try {
      for (let i = 0; i < end; i++) {
        events.push(`made ${i}`);
        yield i;
      }
      throw new Error("no more");
    } finally {
      events.push("closed");
    }
  }
  return { events, source: count() };
}

test("an item is asked for while the one before it is used", async () => {
  const { events, source } = numbers(100);
  for await (const item of oneAhead(source)) {
    await turn();
    events.push(`used ${item}`);
    if (item === 1) break;
  }
  await turn();
  expect(events).toEqual(["made 0", "made 1", "used 0", "made 2", "used 1", "closed"]);
});

test("what the source throws comes after the items before it", async () => {
  const seen: number[] = [];
  const reading = (async () => {
    for await (const item of oneAhead(numbers(2).source)) {
      await turn();
      seen.push(item);
    }
  })();
  await expect(reading).rejects.toThrow("no more");
  expect(seen).toEqual([0, 1]);
});

test("nobody waits for a source that owes an item", async () => {
  async function* silent(): AsyncGenerator<number> {
    yield 0;
    await new Promise(() => {});
  }
  const seen: number[] = [];
  for await (const item of oneAhead(silent())) {
    seen.push(item);
    break;
  }
  expect(seen).toEqual([0]);
});
