import { ConfigError } from "@bertkit/layers";
import type { ModelFolder } from "./model-folder.js";

/** The `config.json` of an encoder's folder, parsed. Throws `ConfigError` where there is none. */
export async function configJsonIn(folder: ModelFolder): Promise<unknown> {
  const json = await folder.readJson("config.json");
  if (json === undefined) {
    throw new ConfigError(folder.place, ["there is no config.json, so this is no model's folder"]);
  }
  return json;
}
