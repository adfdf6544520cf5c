import { albertFamily } from "@bertkit/albert-model";
import { bertFamily } from "@bertkit/bert-model";
import { distilBertFamily } from "@bertkit/distilbert-model";
import { electraFamily } from "@bertkit/electra-model";
import type { EncoderFamily } from "@bertkit/encoder-family";
import { ConfigError, recordOf, showValue } from "@bertkit/layers";
import { robertaFamily } from "@bertkit/roberta-model";

/** Every family whose models are loaded, BERT first: a configuration that says nothing else is one of BERT's. */
export const families: readonly [EncoderFamily, ...EncoderFamily[]] = [
  bertFamily,
  albertFamily,
  distilBertFamily,
  electraFamily,
  robertaFamily,
];

/** The family that a Hugging Face `config.json` is of. Throws `ConfigError` for a `model_type` that none has. */
export function familyOf(configJson: unknown): EncoderFamily {
  const { model_type: type } = recordOf(configJson);
  const family = families.find(({ modelTypes }) => modelTypes.some((known) => known === (type ?? "bert")));
  if (family) return family;
  const known = families.flatMap(({ modelTypes }) => modelTypes).join(", ");
  throw new ConfigError("config.json", [`model_type is ${showValue(type)}; known is ${known}`]);
}
