import { dataTasks } from "@bertkit/data";
import { describe, expect, test } from "@jest/globals";
import { labelPairs, mapLabels } from "./label-map.js";

const { sst2, rte, xnli } = dataTasks;

describe("mapLabels", () => {
  test("knows labels by their spelling in the data and in words, whatever the case", () => {
    expect(mapLabels(["NEGATIVE", "Positive"], sst2).of("Positive")).toBe("1");
    expect(mapLabels(["0", "1"], sst2).of("0")).toBe("0");
    expect(mapLabels(["entailment", "not entailment"], rte).of("not entailment")).toBe("not_entailment");
    expect(mapLabels(["contradictory", "neutral"], xnli).of("contradictory")).toBe("contradiction");
  });

  test("takes nameless labels in the task's order where there are as many, and says so", () => {
    const map = mapLabels(["LABEL_0", "LABEL_1"], sst2);
    expect([map.of("LABEL_0"), map.of("LABEL_1")]).toEqual(["0", "1"]);
    expect(map.remark).toContain("LABEL_0 is 0, LABEL_1 is 1");
    expect(() => mapLabels(["LABEL_0", "LABEL_1", "LABEL_2"], sst2)).toThrow(
      "Stanford Sentiment Treebank has 0 (negative), 1 (positive)",
    );
  });

  test("what somebody says goes before all else, and needs no remark", () => {
    const map = mapLabels(["LABEL_0", "LABEL_1"], sst2, labelPairs(["LABEL_0=positive", "LABEL_1=0"]));
    expect([map.of("LABEL_0"), map.of("LABEL_1"), map.remark]).toEqual(["1", "0", undefined]);
  });

  test("refuses labels without a counterpart, and pairs of what there is not", () => {
    expect(() => mapLabels(["good", "bad"], sst2)).toThrow("the predicted labels are good, bad");
    expect(() => mapLabels(["0", "1"], sst2, labelPairs(["2=0"]))).toThrow("--labels names 2, which is none of 0, 1");
    expect(() => mapLabels(["a", "1"], sst2, labelPairs(["a=neutral"]))).toThrow("--labels says a=neutral");
    expect(() => labelPairs(["a"])).toThrow("--labels wants pairs, got a");
    expect(() => labelPairs(["=a"])).toThrow("--labels wants pairs, got =a");
  });
});
