import { usageFailure } from "./failure.js";

/** The model named on the command line or, by commander, in the environment. */
export function modelOf({ model }: { readonly model?: string }): string {
  if (model !== undefined && model !== "") return model;
  throw usageFailure("no model: name its folder with --model PATH, or set BERTKIT_MODEL to it");
}
