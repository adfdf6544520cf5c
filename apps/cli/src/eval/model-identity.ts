import { modelOf } from "../model-flag.js";
import type { OpenModel } from "../tasks/open-task-model.js";
import { version } from "../version.js";
import type { EvalFlags } from "./eval-flags.js";

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
