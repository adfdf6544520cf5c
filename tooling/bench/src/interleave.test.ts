import { expect, test } from "@jest/globals";
import { interleave, orderOfRound, timed } from "./interleave.js";

test("whoever went first goes last in the next round", () => {
  const order = [0, 1, 2, 3].map((round) => orderOfRound(["rival", "ours"], round).join());
  expect(order).toEqual(["rival,ours", "ours,rival", "rival,ours", "ours,rival"]);
});

test("every contender runs once a round, one at a time, and warm-up rounds leave no sample", async () => {
  const log: string[] = [];
  const contender = (name: string) => ({
    name,
    async measure() {
      log.push(`${name} starts`);
      await new Promise((resolve) => setImmediate(resolve));
      return log.push(`${name} ends`);
    },
  });
  const samples = await interleave([contender("a"), contender("b")], { warmUp: 1, rounds: 2 });
  const once = (name: string) => [`${name} starts`, `${name} ends`];
  expect(log).toEqual(["a", "b", "b", "a", "a", "b"].flatMap(once));
  // A sample is how long the log was: in round 1, the first counted one, b went first.
  expect(samples).toEqual(
    new Map([
      ["a", [8, 10]],
      ["b", [6, 12]],
    ]),
  );
});

test("time is in milliseconds and covers what is awaited", async () => {
  const time = await timed(() => new Promise((resolve) => setTimeout(resolve, 20)));
  // A timer may fire up to a millisecond early.
  expect(time).toBeGreaterThan(18);
});
