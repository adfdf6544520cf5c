import { openSync, writeSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { parserOf } from "../parsers.js";
import { inputOf } from "./case.js";
import { judge } from "./judge.js";
import type { Message, Order } from "./message.js";

// A process of its own: tries one input after another, and may crash, hang or fill its memory over any of them.

const { parser: name, seed, from, seconds, progress } = JSON.parse(process.argv[2]!) as Order;
const parser = parserOf(name);
const file = openSync(progress, "w");
const place = new Float64Array(1);
const end = performance.now() + seconds * 1000;
let outcomes = new Map<string, number>();
let lastTally = performance.now();

setPriority(constants.priority.PRIORITY_LOW);
for (let number = from; performance.now() < end; number++) {
  place[0] = number;
  writeSync(file, place, 0, 8, 0);
  const { outcome, problem } = await judge(inputOf({ parser, seed, number }));
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  if (problem !== undefined) tell({ kind: "finding", number, problem });
  if (performance.now() - lastTally > 500) await tellTally();
}
await tellTally();
process.disconnect();

async function tellTally(): Promise<void> {
  tell({ kind: "tally", outcomes: [...outcomes] });
  outcomes = new Map();
  lastTally = performance.now();
  // So that messages leave even where every case is done without waiting.
  await new Promise((resolve) => setImmediate(resolve));
}

function tell(message: Message): void {
  process.send?.(message);
}
