import { describeRecordedFamily } from "@bertkit-tooling/family-tests";
import { robertaFamily } from "./roberta-family.js";

describeRecordedFamily(robertaFamily, {
  encoders: [{ recorded: "roberta", blocks: 2, pooled: true }],
  heads: [
    { recorded: "roberta-masked-lm", head: "maskedLanguage", outputs: ["logits"] },
    { recorded: "xlm-roberta", head: "maskedLanguage", outputs: ["logits"] },
    { recorded: "camembert", head: "maskedLanguage", outputs: ["logits"] },
    { recorded: "roberta-sequence", head: "sequenceClassification", outputs: ["logits"] },
    { recorded: "roberta-token", head: "tokenClassification", outputs: ["logits"] },
    { recorded: "roberta-qa", head: "questionAnswering", outputs: ["start_logits", "end_logits"] },
  ],
});
