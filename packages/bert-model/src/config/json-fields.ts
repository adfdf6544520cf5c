import { ConfigError, showValue } from "@bertkit/layers";
import { type BertConfig, bertBase } from "./bert-config.js";

/** Their field → ours. */
export type JsonFields = Readonly<Record<string, keyof BertConfig>>;

/**
 * Takes the fields that `spelling` names out of a parsed JSON object. Throws `ConfigError` unless it is an object;
 * a value of the wrong type is one of the `problems`. null counts as left out.
 */
export function fieldsFromJson(
  json: unknown,
  spelling: JsonFields,
): { fields: Partial<BertConfig>; problems: string[]; rest: ReadonlyMap<string, unknown> } {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new ConfigError("a model's configuration must be a JSON object", [`got ${showValue(json)}`]);
  }
  const found: [string, unknown][] = [];
  const rest = new Map<string, unknown>();
  const problems: string[] = [];
  for (const [theirs, value] of Object.entries(json)) {
    const ours = Object.hasOwn(spelling, theirs) ? spelling[theirs] : undefined;
    if (!ours || value === null) rest.set(theirs, value ?? undefined);
    else if (typeof value === typeof bertBase[ours]) found.push([ours, value]);
    else problems.push(`${theirs} must be a ${typeof bertBase[ours]}, got ${showValue(value)}`);
  }
  return { fields: Object.fromEntries(found), problems, rest };
}
