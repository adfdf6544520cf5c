import { openReference } from "@bertkit/tensor";
import { expect, test } from "@jest/globals";
import { Turns, turnsOf } from "./turns.js";

test("those who wait are served in the order in which they came, one piece of work each", async () => {
  const turns = new Turns();
  const done: string[] = [];
  const user = async (name: string, pieces: number): Promise<void> => {
    for (let piece = 0; piece < pieces; piece++) {
      await turns.take(async () => {
        done.push(name);
      });
    }
  };
  await Promise.all([user("many", 6), user("few", 2)]);
  expect(done).toEqual(["many", "few", "many", "few", "many", "many", "many", "many"]);
});

test("two pieces of work never run at once, and the event loop turns between them", async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const work = async (): Promise<void> => {
    seen.push("begin");
    setImmediate(() => seen.push("loop"));
    await undefined;
    seen.push("end");
  };
  await Promise.all([turns.take(work), turns.take(work), turns.take(work)]);
  expect(seen.filter((what) => what !== "loop").join(" ")).toBe("begin end begin end begin end");
  expect(seen.slice(0, 4)).toEqual(["begin", "end", "loop", "begin"]);
});

test("work that fails passes the turn on, and its error to whoever asked for it", async () => {
  const turns = new Turns();
  const failing = turns.take(() => Promise.reject(new Error("no memory")));
  const next = turns.take(async () => "done");
  await expect(failing).rejects.toThrow("no memory");
  expect(await next).toBe("done");
});

test("whoever stops waiting is passed over", async () => {
  const turns = new Turns();
  const stop = new AbortController();
  const first = turns.take(async () => "first");
  const second = turns.take(async () => "second", stop.signal);
  const third = turns.take(async () => "third", stop.signal);
  const fourth = turns.take(async () => "fourth");
  stop.abort(new Error("enough"));
  await expect(second).rejects.toThrow("enough");
  await expect(third).rejects.toThrow("enough");
  expect(await Promise.all([first, fourth])).toEqual(["first", "fourth"]);
  await expect(turns.take(async () => "fifth", stop.signal)).rejects.toThrow("enough");
});

test("a backend has one order of turns for all", () => {
  using backend = openReference();
  using other = openReference();
  expect(turnsOf(backend)).toBe(turnsOf(backend));
  expect(turnsOf(backend)).not.toBe(turnsOf(other));
});
