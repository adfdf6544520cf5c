import { join } from "node:path";
import { tinyModelSizes } from "@bertkit-tooling/fixtures";
import { describe, expect, test } from "@jest/globals";
import { useCommandLine } from "../fixtures/command-line.js";

const line = useCommandLine();

describe("bertkit info", () => {
  test("says what the model is and which device would run it", async () => {
    const { code, out } = await line.run(["info", join(line.models, "tiny")]);
    expect(code).toBe(0);
    expect(out).toMatch(/made for +sentence embedding/);
    expect(out).toMatch(/blocks +2, width 32, 4 heads of 8/);
    expect(out).toMatch(/prompts +query "query: "/);
    expect(out).toMatch(/→ (gpu|wasm)/);
  });

  test("says the same as JSON", async () => {
    const found = JSON.parse((await line.run(["info", "--json"])).out);
    const { width } = tinyModelSizes;
    expect(found).toMatchObject({ config: { layers: 2 }, sentence: { width, prompts: { query: "query: " } } });
    expect(found.devices.filter(({ chosen }: { chosen: boolean }) => chosen)).toHaveLength(1);
  });
});
