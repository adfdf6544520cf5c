import { MessageChannel, type MessagePort } from "node:worker_threads";
import { ConfigError } from "@bertkit/layers";
import { afterEach, expect, test } from "@jest/globals";
import { Peer, type Port, Transferred } from "./peer.js";

interface Here {
  double(value: number): number;
}
interface There {
  viaCaller(value: number): number;
  numbers(count: number): Float32Array;
  refuse(why: string): never;
  never(value: undefined): void;
}

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

function portOf(port: MessagePort, held: boolean[] = []): Port {
  open.push(port);
  return {
    post: (message, transfer) => port.postMessage(message, transfer as readonly ArrayBuffer[]),
    listen: (receive) => port.on("message", receive),
    hold: (isHeld) => held.push(isHeld),
  };
}

/** Two peers in one thread; what the other one sent last. */
function pair(): { peer: Peer<Here, There>; held: boolean[]; sent: { numbers?: Float32Array } } {
  const { port1, port2 } = new MessageChannel();
  const held: boolean[] = [];
  const sent: { numbers?: Float32Array } = {};
  const peer = new Peer<Here, There>(portOf(port1, held), { double: (value) => 2 * value });
  const other: Peer<There, Here> = new Peer<There, Here>(portOf(port2), {
    viaCaller: async (value) => 1 + (await other.call("double", value)),
    numbers(count) {
      const numbers = Float32Array.from({ length: count }, (_, i) => i);
      sent.numbers = numbers;
      return new Transferred(numbers, [numbers.buffer]);
    },
    refuse(why) {
      throw new ConfigError("refuse", [why]);
    },
    never: () => new Promise<void>(() => {}),
  });
  return { peer, held, sent };
}

test("either side calls the other's functions, also in the midst of an answer", async () => {
  const { peer } = pair();
  expect(await Promise.all([peer.call("viaCaller", 3), peer.call("viaCaller", 5)])).toEqual([7, 11]);
});

test("a result's memory moves where it says so", async () => {
  const { peer, sent } = pair();
  expect(await peer.call("numbers", 3)).toEqual(Float32Array.of(0, 1, 2));
  expect(sent.numbers).toHaveLength(0);
});

test("an error arrives as what it is, and so does one of an argument that no message can carry", async () => {
  const { peer } = pair();
  await expect(peer.call("refuse", "no")).rejects.toBeInstanceOf(ConfigError);
  await expect(peer.call("viaCaller", (() => 1) as never)).rejects.toMatchObject({ name: "DataCloneError" });
  expect(await peer.call("viaCaller", 3)).toBe(7);
});

test("the port is held as long as answers are waited for", async () => {
  const { peer, held } = pair();
  const first = peer.call("viaCaller", 1);
  const second = peer.call("viaCaller", 2);
  expect(held).toEqual([true]);
  await Promise.all([first, second]);
  expect(held).toEqual([true, false]);
});

test("when the other side is gone, all who wait hear why, and all who call later", async () => {
  const { peer } = pair();
  const waiting = [peer.call("never", undefined), peer.call("never", undefined)];
  peer.fail(new Error("killed"));
  for (const one of waiting) await expect(one).rejects.toThrow("killed");
  await expect(peer.call("viaCaller", 1)).rejects.toThrow("killed");
});
