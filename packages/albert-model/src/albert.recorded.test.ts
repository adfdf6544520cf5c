import { describeRecordedFamily } from "@bertkit-tooling/family-tests";
import { albertFamily } from "./albert-family.js";

describeRecordedFamily(albertFamily, {
  encoders: [
    { recorded: "albert", blocks: 3, pooled: true },
    { recorded: "albert-groups", blocks: 6, pooled: true },
  ],
  heads: [
    { recorded: "albert-masked-lm", head: "maskedLanguage", outputs: ["logits"] },
    { recorded: "albert-pretraining", head: "maskedLanguage", outputs: ["prediction_logits"] },
    { recorded: "albert-pretraining", head: "nextSentence", outputs: ["sop_logits"] },
    { recorded: "albert-sequence", head: "sequenceClassification", outputs: ["logits"] },
    { recorded: "albert-token", head: "tokenClassification", outputs: ["logits"] },
    { recorded: "albert-qa", head: "questionAnswering", outputs: ["start_logits", "end_logits"] },
  ],
});
