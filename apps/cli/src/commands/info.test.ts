import { join } from "node:path";
import { tinyModelSizes } from "@bertkit-tooling/fixtures";
import { describe, expect, test } from "@jest/globals";
import { useCommandLine } from "../fixtures/command-line.js";
import { headedModels } from "../fixtures/headed-models.js";
import { useHeadedModels } from "../fixtures/use-headed-models.js";

const line = useCommandLine();
const model = useHeadedModels(line, Object.keys(headedModels) as (keyof typeof headedModels)[]);

describe("bertkit info", () => {
  test("says what the model is and which device would run it", async () => {
    const { code, out } = await line.run(["info", join(line.models, "tiny")]);
    expect(code).toBe(0);
    expect(out).toMatch(/made for +sentence embedding/);
    expect(out).toMatch(/blocks +2, width 32, 4 heads of 8/);
    expect(out).toMatch(/prompts +query "query: "/);
    expect(out).toMatch(/→ (gpu|wasm)/);
  });

  test.each<[keyof typeof headedModels, string, string | undefined]>([
    ["bert", "fill, next", undefined],
    ["sentiment", "classify", "negative, positive"],
    ["topics", "classify", "sports, politics, science"],
    ["reranker", "rank", "LABEL_0"],
    ["tagger", "tag", "O, B-PER, I-PER, B-LOC, I-LOC"],
    ["squad", "answer", undefined],
  ])("names what a model answers and its labels: %s", async (name, tasks, labels) => {
    const { code, out } = await line.run(["info", model(name)]);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`answers +encode, similar, features, inspect, ${tasks}\n`));
    expect(/labels +(.*)/.exec(out)?.[1]).toBe(labels);
    const found = JSON.parse((await line.run(["info", "--json", model(name)])).out);
    expect(found).toMatchObject({ tasks: tasks.split(", "), labels: labels?.split(", ") ?? [] });
  });

  test("says the same as JSON", async () => {
    const found = JSON.parse((await line.run(["info", "--json"])).out);
    const { width } = tinyModelSizes;
    expect(found).toMatchObject({ config: { layers: 2 }, sentence: { width, prompts: { query: "query: " } } });
    expect(found.devices.filter(({ chosen }: { chosen: boolean }) => chosen)).toHaveLength(1);
  });
});
