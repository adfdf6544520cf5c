import { openWebCache } from "./cache/browser/web-cache.js";
import type { ModelCache } from "./cache/model-cache.js";
import { openNodeCache } from "./cache/node/node-cache.js";
import { HubError } from "./hub-error.js";
import type { HubSettings } from "./hub-settings.js";
import { nodeModules } from "./node-modules.js";

/** The cache of this environment: a folder in Node, the browser's own elsewhere. */
export async function openCache({ cacheFolder }: HubSettings): Promise<ModelCache> {
  const node = nodeModules();
  if (node !== undefined && cacheFolder !== undefined) return openNodeCache(node, cacheFolder);
  if (globalThis.caches === undefined) {
    throw new HubError("unsupported", "there is no place to keep models here", {
      hint: "Browsers have one for pages from https:// and localhost only; others name the model by its address.",
    });
  }
  return openWebCache(globalThis.caches);
}
