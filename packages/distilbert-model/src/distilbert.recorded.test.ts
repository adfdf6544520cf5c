import { describeRecordedFamily } from "@bertkit-tooling/family-tests";
import { distilBertFamily } from "./distilbert-family.js";

describeRecordedFamily(distilBertFamily, {
  encoders: [
    { recorded: "distilbert", blocks: 2, pooled: false },
    { recorded: "distilbert-sinusoidal", blocks: 2, pooled: false },
  ],
  heads: [
    { recorded: "distilbert-masked-lm", head: "maskedLanguage", outputs: ["logits"] },
    { recorded: "distilbert-sequence", head: "sequenceClassification", outputs: ["logits"] },
    { recorded: "distilbert-token", head: "tokenClassification", outputs: ["logits"] },
    { recorded: "distilbert-qa", head: "questionAnswering", outputs: ["start_logits", "end_logits"] },
    { recorded: "distilbert-multiple-choice", head: "multipleChoice", outputs: ["logits"] },
  ],
});
