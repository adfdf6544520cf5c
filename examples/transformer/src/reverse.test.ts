import { expect, test } from "@jest/globals";
import { learnToReverse } from "./reverse.js";

test.each(["reference", "wasm"] as const)(
  "a Transformer learns to write words backwards on the %s backend",
  async (device) => {
    const { losses, written } = await learnToReverse({ device, texts: ["attention", "you"] });
    expect(losses.at(-1)!).toBeLessThan(losses[0]! / 10);
    expect(written).toEqual(["noitnetta", "uoy"]);
  },
);
