import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import * as tensor from "./index.js";
import { openReference } from "./index.js";

describe("the README's example", () => {
  test("runs as it stands, learns, and leaves nothing behind", async () => {
    const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
    const [, example] = /```js\n([\s\S]*?)```/.exec(readme)!;
    const imported = [...example!.matchAll(/import \{([^}]*)\} from "@bertkit\/tensor";\n/g)].flatMap(
      ([, names]) => names!.match(/\w+/g)!,
    );
    const missing = imported.filter((name) => !(name in tensor));
    expect(missing).toEqual([]);

    const backend = openReference();
    const names = { ...tensor, openReference: () => backend };
    const body = example!.replace(/import [^;]*;\n/g, "");
    const AsyncFunction = (async () => undefined).constructor as FunctionConstructor;
    const run = new AsyncFunction(`{ ${imported.join(", ")} }`, `${body}; return { predictions, loss };`);
    const { predictions, loss } = (await run(names)) as { predictions: Float32Array; loss: number };
    expect(loss).toBeLessThan(1e-3);
    for (const [i, expected] of [0.5, -0.5, 0].entries()) expect(predictions[i]).toBeCloseTo(expected, 1);
    expect(backend.memory).toEqual({ buffers: 0, bytes: 0 });
  });
});
