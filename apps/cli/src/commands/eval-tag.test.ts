import { readFile } from "node:fs/promises";
import { writeTinyModel } from "@bertkit-tooling/fixtures";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { useCommandLine } from "../fixtures/command-line.js";
import { headedModels } from "../fixtures/headed-models.js";

const line = useCommandLine();
const run = (...args: string[]) => line.run(["eval", "tag", ...args]);

const gold = "Ada\tB-PER\nLovelace\tI-PER\nin\tO\nLondon\tB-LOC\n\nthe\tO\nsea\tO\n";

describe("bertkit eval tag with predictions", () => {
  const score = async (predictions: string, ...args: string[]) => {
    await line.put("gold.conll", gold);
    await line.put("p.conll", predictions);
    return run("--data", "gold.conll", "--predictions", "p.conll", ...args);
  };

  test("counts an entity as right if type, start and end are", async () => {
    const { code, out, err } = await score("Ada B-PER\nLovelace O\nin O\nLondon B-LOC\n\nthe O\nsea B-LOC\n");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const third = { precision: 1 / 3, recall: 1 / 2, f1: 2 / 5, support: 2 };
    expect(JSON.parse(out)).toEqual({
      ...third,
      macro_f1: (2 / 3 + 0) / 2,
      weighted_f1: (2 / 3 + 0) / 2,
      accuracy: 4 / 6,
      total: 2,
      types: {
        LOC: { precision: 1 / 2, recall: 1, f1: 2 / 3, support: 1 },
        PER: { precision: 0, recall: 0, f1: 0, support: 1 },
      },
    });
  });

  test("an I- that follows nothing begins an entity, unless a scheme is to be kept to", async () => {
    const lenient = "Ada I-PER\nLovelace I-PER\nin O\nLondon I-LOC\n\nthe O\nsea O\n";
    expect(JSON.parse((await score(lenient)).out).f1).toBe(1);
    expect(JSON.parse((await score(lenient, "--scheme", "IOB2")).out).f1).toBe(0);
  });

  test("types of other names are the data's where somebody says which, and none where it is O", async () => {
    const named = "Ada B-person\nLovelace I-person\nin B-misc\nLondon B-city\n\nthe O\nsea O\n";
    const refused = await score(named);
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toContain("the predicted types are person, misc, city, the data's PER, LOC");
    const { out, err } = await score(named, "--labels", "person=PER,city=LOC,misc=O");
    expect({ f1: JSON.parse(out).f1, err }).toEqual({ f1: 1, err: "" });
    const partly = await score(named, "--labels", "person=PER,city=LOC");
    expect(partly.err).toBe("warning: the data has no entities of 1 of the predicted types (misc)\n");
    expect(JSON.parse(partly.out).precision).toBe(2 / 3);
  });

  test.each([
    ["fewer sentences", "Ada B-PER\nLovelace I-PER\nin O\nLondon B-LOC\n", "its sentences are 1, the data's 2"],
    ["another word", gold.replace("sea", "see"), "p.conll:6: in this sentence is see where the data has sea"],
    ["a word less", gold.replace("sea\tO\n", ""), "p.conll:6: in this sentence is no more where the data has sea"],
    ["no tags", "Ada\nLovelace\n", "p.conll:1: wanted at least 2 columns"],
    ["tags that are none", gold.replace("B-LOC", "city"), "wanted tags such as O and B-PER, these are city"],
    ["nothing in it", "", "p.conll: there are no sentences"],
  ])("a file with %s is an error", async (_what, predictions, sentence) => {
    const { code, out, err } = await score(predictions);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^error: .+\nhint: .+\n$/);
    expect(err).toContain(sentence);
  });

  test("CLUENER's ranges are scored by characters, those above U+FFFF too", async () => {
    const text = "𠮷田在北京";
    const label = { name: { 𠮷田: [[0, 1]] }, address: { 北京: [[3, 4]] } };
    await line.put("gold.json", JSON.stringify({ text, label }, null, 2));
    await line.put(
      "p.json",
      `${JSON.stringify({ text, label: { name: { 𠮷田: [[0, 1]] }, address: { 京: [[4, 4]] } } })}\n`,
    );
    const { out } = await run("--data", "gold.json", "--predictions", "p.json");
    expect(JSON.parse(out)).toMatchObject({
      precision: 0.5,
      recall: 0.5,
      types: { name: { f1: 1 }, address: { f1: 0 } },
    });
  });
});

describe("bertkit eval tag with a model", () => {
  test("writes each word with the data's tag and its own, and scoring that gives the same", async () => {
    await writeTinyModel(line.path("model"), headedModels.tagger);
    await line.put("gold.conll", gold);
    const made = await run("--data", "gold.conll", "--model", "model", "--output", "tags.conll");
    expect(made).toMatchObject({ code: 0, err: "" });
    const written = await readFile(line.path("tags.conll"), "utf8");
    expect(written).toMatch(
      /^Ada\tB-PER\t\S+\nLovelace\tI-PER\t\S+\nin\tO\t\S+\nLondon\tB-LOC\t\S+\n\nthe\tO\t\S+\nsea\tO\t\S+\n\n$/,
    );
    expect((await run("--data", "gold.conll", "--predictions", "tags.conll")).out).toBe(made.out);
  });

  test("of CLUENER it writes CLUENER's JSON", async () => {
    await writeTinyModel(line.path("model"), headedModels.tagger);
    await line.put("gold.json", `${JSON.stringify({ text: "a blue dog", label: { LOC: { blue: [[2, 5]] } } })}\n`);
    const made = await run("--data", "gold.json", "--model", "model", "--output", "tags.json", "--quiet");
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(await readFile(line.path("tags.json"), "utf8")).text).toBe("a blue dog");
    expect((await run("--data", "gold.json", "--predictions", "tags.json", "--quiet")).out).toBe(made.out);
  });

  test("a model whose labels are none of the data's is an error before anything is tagged", async () => {
    await writeTinyModel(line.path("model"), headedModels.tagger);
    await line.put("gold.conll", gold.replaceAll("PER", "person").replaceAll("LOC", "location"));
    const { code, err } = await run("--data", "gold.conll", "--model", "model");
    expect(code).toBe(1);
    expect(err).toContain("hint: say which is which: --labels PER=…,LOC=…");
    expect(await run("--data", "gold.conll", "--model", "model", "--labels", "PER=person,LOC=location")).toMatchObject({
      code: 0,
    });
  });
});

describeWithData("ner", "files of entities as published", () => {
  test.each([
    ["wnut17/emerging.dev.conll", 836],
    ["cluener/dev.json", 3072],
  ])("%s scores 1 beside itself, with all its %i entities", async (name, entities) => {
    const data = dataPath("ner", name);
    const { out } = await run("--data", data, "--predictions", data);
    expect(JSON.parse(out)).toMatchObject({ precision: 1, recall: 1, f1: 1, support: entities, accuracy: 1 });
  });
});
