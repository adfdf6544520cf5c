import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openCheckpoint } from "@bertkit/checkpoint";
import { writeTinyModel } from "@bertkit-tooling/fixtures";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { changeArrays, changeConfig } from "../fixtures/change-model.js";
import { inspectModel } from "../inspect-model.js";
import { quantizeModel } from "../quantize-model.js";
import { convertModel } from "./convert-model.js";

let parent = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "several-heads-"));
});
afterEach(() => rm(parent, { recursive: true }));

const at = (name: string): string => join(parent, name);

const recorded = fileURLToPath(new URL("../../../../tooling/golden/family/electra-discriminator", import.meta.url));
const answers = "qa_outputs.weight";

/** A model that is pre-trained and answers questions, which no class of transformers does. */
async function pretrainedAnswerer(): Promise<string> {
  await writeTinyModel(at("model"), { head: "BertForPreTraining" });
  await changeArrays(at("model"), (arrays) => {
    const [, width = 0] = arrays.get("cls.seq_relationship.weight")!.shape;
    arrays.set(answers, { shape: [2, width], values: Float32Array.from({ length: 2 * width }, (_, i) => i / 100) });
    arrays.set("qa_outputs.bias", { shape: [2], values: Float32Array.of(0.5, -0.5) });
  });
  return at("model");
}

async function namesIn(folder: string): Promise<string[]> {
  await using source = await openCheckpoint(folder);
  return [...source.entries.keys()].filter((name) => /^(cls|qa_outputs)\./.test(name)).sort();
}

describe("a file with heads of several classes", () => {
  test("becomes the class that its configuration names, and the rest is left out with the reason", async () => {
    const model = await pretrainedAnswerer();
    const { architecture, leftOut } = await convertModel(model, at("made"));
    expect(architecture).toBe("BertForPreTraining");
    expect(leftOut.map(({ name, reason }) => [name, reason])).toEqual([
      ["qa_outputs.bias", "it is no part of BertForPreTraining"],
      [answers, "it is no part of BertForPreTraining"],
    ]);
    expect((await inspectModel(at("made"))).tasks).toEqual(["fill", "next"]);
  });

  test("keeps all of them in int8", async () => {
    const model = await pretrainedAnswerer();
    await quantizeModel(model, at("int8"));
    expect(await namesIn(at("int8"))).toEqual(await namesIn(model));
    expect((await inspectModel(at("int8"))).tasks).toEqual((await inspectModel(model)).tasks);
  });

  test("keeps in int8 the pooler of a head that is not the one of its class", async () => {
    await writeTinyModel(at("model"), { head: "BertForMaskedLM" });
    await changeArrays(at("model"), (arrays) => {
      const width = arrays.get("cls.predictions.transform.dense.bias")!.shape[0]!;
      const square = Float32Array.from({ length: width * width }, (_, i) => Math.sin(i) / 10);
      arrays.set("bert.pooler.dense.weight", { shape: [width, width], values: square });
      arrays.set("bert.pooler.dense.bias", { shape: [width], values: new Float32Array(width) });
      arrays.set("cls.seq_relationship.weight", { shape: [2, width], values: square.slice(0, 2 * width) });
      arrays.set("cls.seq_relationship.bias", { shape: [2], values: new Float32Array(2) });
    });
    expect((await convertModel(at("model"), at("made"))).architecture).toBe("BertForPreTraining");
    await quantizeModel(at("model"), at("int8"));
    for (const folder of ["made", "int8"]) expect((await inspectModel(at(folder))).tasks).toEqual(["fill", "next"]);
  });

  test("stays a discriminator where its configuration says so", async () => {
    await cp(recorded, at("model"), { recursive: true });
    await changeConfig(at("model"), { architectures: ["ElectraForPreTraining"] });
    await changeArrays(at("model"), (arrays) => {
      const width = arrays.get("discriminator_predictions.dense.bias")!.shape[0]!;
      arrays.set(answers, { shape: [2, width], values: new Float32Array(2 * width) });
      arrays.set("qa_outputs.bias", { shape: [2], values: new Float32Array(2) });
    });
    const { architecture, arrays, leftOut } = await convertModel(at("model"), at("made"));
    expect(architecture).toBe("ElectraForPreTraining");
    expect(arrays.map(({ to }) => to.name)).toContain("discriminator_predictions.dense_prediction.weight");
    expect(leftOut.map(({ name }) => name)).toEqual(["qa_outputs.bias", answers]);
  });
});
