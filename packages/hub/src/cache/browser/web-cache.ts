import { parseModelName } from "../../model-name.js";
import type { CachedModel, ModelCache } from "../model-cache.js";
import { keyOf, WebRepo } from "./web-repo.js";

const cacheName = "bertkit-hub";

/** The Cache API of a browser as a place for models: it is on disk, and the same for all pages of an origin. */
export async function openWebCache(caches: CacheStorage): Promise<ModelCache> {
  const cache = await caches.open(cacheName);
  return {
    place: "the browser's cache",
    model: (name) => new WebRepo(cache, name),
    async list() {
      const names = new Set<string>();
      for (const { url } of await cache.keys()) {
        const name = decodeURIComponent(new URL(url).pathname.split("/")[1] ?? "");
        if (url.startsWith(keyOf(name, "snapshots")) && parseModelName(name)) names.add(name);
      }
      const models = Array.from([...names].sort(), async (name): Promise<CachedModel> => {
        const { commits, bytes } = await new WebRepo(cache, name).describe();
        return { name, folder: undefined, bytes, commits };
      });
      return Promise.all(models);
    },
  };
}
