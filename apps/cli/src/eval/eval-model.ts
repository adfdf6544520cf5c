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

/** Says how many inputs lost tokens, if any did. */
export function warnOfCuts(truncated: number, inputs: number, maxLength: number): void {
  if (truncated === 0) return;
  const cut = `${truncated} of ${inputs} inputs were cut to ${maxLength} tokens`;
  warn(`${cut}; --max-length sets another limit, up to the model's positions (bertkit info)`);
}
