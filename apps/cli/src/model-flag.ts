import type { ModelFlags } from "./flags.js";

/** The model named by a flag, the environment or the configuration file; else the default. */
export async function modelOf({ model }: ModelFlags): Promise<string> {
  return model || (await import("bertkit")).defaultModel;
}
