import type { LoadModelOptions } from "bertkit";
import { modelOf } from "../model-flag.js";
import { type OpenModel, openTaskModel } from "../tasks/open-task-model.js";
import { warn } from "../terminal/notices.js";
import { version } from "../version.js";
import type { EvalFlags } from "./eval-flags.js";

/** Loads the model that the flags name, saying what is fetched. */
export function openEvalModel<Model extends OpenModel>(
  flags: EvalFlags,
  signal: AbortSignal,
  load: (model: string, options: LoadModelOptions) => Promise<Model>,
): Promise<Model> {
  return openTaskModel({ ...flags, quotes: true }, signal, load);
}

/** What a model's predictions depend on besides the data and a task's own options, name → value. */
export async function modelIdentity(
  flags: EvalFlags,
  { maxLength }: Pick<OpenModel, "maxLength">,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Record<string, string>> {
  const { fingerprintModel } = await import("bertkit");
  return {
    bertkit: version(),
    model: await fingerprintModel(await modelOf(flags), { offline: true }),
    device: flags.device ?? "the fastest",
    precision: flags.precision ?? "as stored",
    "maximum length": String(maxLength),
    ...Object.fromEntries(Object.entries(options).map(([name, value]) => [name, JSON.stringify(value ?? null)])),
  };
}

/** So many tokens of an input at most, and the flag that sets another number. */
export interface TokenLimit {
  readonly tokens: number;
  readonly flag: string;
}

/** The limit of the model's length. */
export function lengthLimitOf({ maxLength }: Pick<OpenModel, "maxLength">): TokenLimit {
  return { tokens: maxLength, flag: "--max-length" };
}

/** Says how many inputs lost tokens, if any did. */
export function warnOfCuts(truncated: number, inputs: number, { tokens, flag }: TokenLimit): void {
  if (truncated === 0) return;
  warn(`${truncated} of ${inputs} inputs were cut to ${tokens} tokens; ${flag} sets another limit`);
}
