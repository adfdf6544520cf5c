// Program: a configuration of `encode` as JSON → its comparisons.
import { giveResult, inputOfChild } from "../in-child.js";
import { compareIds } from "./compare-ids.js";
import { compareOurselves } from "./compare-ourselves.js";
import { compareTexts } from "./compare-texts.js";
import type { Comparison } from "./comparison.js";
import type { EncodeConfiguration } from "./configuration.js";

const compare = (configuration: EncodeConfiguration): Promise<Comparison[]> => {
  const { rival } = configuration;
  switch (rival) {
    case "onnxruntime-node":
    case "onnxruntime-web":
      return compareIds({ ...configuration, rival });
    case "transformers.js":
    case "sentence-transformers":
      return compareTexts({ ...configuration, rival });
    case "bertkit":
      return compareOurselves(configuration);
  }
};

giveResult(await compare(inputOfChild<EncodeConfiguration>()));
