import { describe, expect, test } from "@jest/globals";
import { dataTasks, isDataTaskName } from "./data-tasks.js";

describe("the table of tasks", () => {
  test("has the metrics that GLUE reports", () => {
    const metrics = Object.entries(dataTasks).map(([name, task]) => [name, task.metrics.join(" ")]);
    expect(Object.fromEntries(metrics)).toEqual({
      ax: "matthews",
      cola: "matthews",
      mnli: "accuracy",
      mrpc: "accuracy f1",
      qnli: "accuracy",
      qqp: "accuracy f1",
      rte: "accuracy",
      snli: "accuracy",
      sst2: "accuracy",
      stsb: "pearson spearman",
      wnli: "accuracy",
      xnli: "accuracy",
    });
  });

  test("has a name in words for each label", () => {
    for (const task of Object.values(dataTasks)) {
      if (task.kind === "label") expect(task.labelNames).toHaveLength(task.labels.length);
    }
    expect(dataTasks.mrpc.labelNames[dataTasks.mrpc.labels.indexOf("1")]).toBe("equivalent");
    expect(dataTasks.mnli.labels).toEqual(["contradiction", "entailment", "neutral"]);
  });

  test("knows its names and no others", () => {
    expect(["mrpc", "stsb", "xnli"].map(isDataTaskName)).toEqual([true, true, true]);
    expect(["MRPC", "", "toString", "__proto__"].map(isDataTaskName)).toEqual([false, false, false, false]);
  });
});
