import { expect, test } from "@jest/globals";
import { Shares } from "./shares.js";

interface Counted extends Disposable {
  readonly closed: boolean;
}

function counted(): Counted {
  let closed = false;
  return {
    get closed() {
      return closed;
    },
    [Symbol.dispose]() {
      closed = true;
    },
  };
}

test("equal wishes share one resource, and the last user closes it", async () => {
  const shares = new Shares<Counted>();
  let opened = 0;
  const open = async (): Promise<Counted> => {
    opened++;
    return counted();
  };
  const [one, two, other] = await Promise.all([shares.take("a", open), shares.take("a", open), shares.take("b", open)]);
  expect(opened).toBe(2);
  expect(one.resource).toBe(two.resource);
  expect(other.resource).not.toBe(one.resource);
  one[Symbol.dispose]();
  one[Symbol.dispose](); // counts once
  expect(two.resource.closed).toBe(false);
  two[Symbol.dispose]();
  expect([two.resource.closed, other.resource.closed]).toEqual([true, false]);
  const next = await shares.take("a", open);
  expect(next.resource).not.toBe(one.resource);
});

test("an opening that fails fails for all who wait for it, and the next tries again", async () => {
  const shares = new Shares<Counted>();
  const failing = (): Promise<Counted> => Promise.reject(new Error("no memory"));
  const both = [shares.take("a", failing), shares.take("a", failing)];
  for (const one of both) await expect(one).rejects.toThrow("no memory");
  const next = await shares.take("a", async () => counted());
  expect(next.resource.closed).toBe(false);
});

test("one that is forgotten is not given to the next, and closed all the same by its last user", async () => {
  const shares = new Shares<Counted>();
  const old = await shares.take("a", async () => counted());
  shares.forget("a");
  const next = await shares.take("a", async () => counted());
  expect(next.resource).not.toBe(old.resource);
  old[Symbol.dispose]();
  expect([old.resource.closed, next.resource.closed]).toEqual([true, false]);
  const again = await shares.take("a", async () => counted());
  expect(again.resource).toBe(next.resource);
});
