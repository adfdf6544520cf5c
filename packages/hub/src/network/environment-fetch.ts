import { HubError } from "../hub-error.js";
import { environment, nodeModules } from "../node-modules.js";

/** A `fetch` and what it holds open. */
export interface OpenFetch {
  readonly fetch: typeof globalThis.fetch;
  close(): Promise<void>;
}

/**
 * The global `fetch`, or one that goes through the proxies that `HTTPS_PROXY`, `HTTP_PROXY` and `ALL_PROXY` name, but
 * for the hosts in `NO_PROXY`; lower case counts too.
 */
export async function environmentFetch(): Promise<OpenFetch> {
  const direct: OpenFetch = { fetch: (...request) => globalThis.fetch(...request), close: async () => {} };
  if (nodeModules() === undefined) return direct;
  const all = either("all_proxy");
  const [httpProxy, httpsProxy] = [either("http_proxy") ?? all, either("https_proxy") ?? all];
  if (httpProxy === undefined && httpsProxy === undefined) return direct;
  for (const proxy of [httpProxy, httpsProxy]) expectHttp(proxy);
  const { EnvHttpProxyAgent, fetch } = undici();
  const dispatcher = new EnvHttpProxyAgent({
    ...(httpProxy && { httpProxy }),
    ...(httpsProxy && { httpsProxy }),
    noProxy: either("no_proxy") ?? "",
  });
  const proxied = (url: string, init: object): Promise<unknown> => fetch(url, { ...init, dispatcher });
  return {
    // Its types are undici's own, of another version than Node's; what is used of them is the same.
    fetch: proxied as typeof globalThis.fetch,
    close: () => dispatcher.destroy(),
  };
}

/** Required at run time and without an `import`, so that bundlers for browsers have nothing to resolve. */
function undici(): typeof import("undici") {
  const { createRequire } = globalThis.process.getBuiltinModule("node:module");
  return createRequire(import.meta.url)("undici");
}

const either = (name: string): string | undefined =>
  environment()[name] || environment()[name.toUpperCase()] || undefined;

function expectHttp(proxy: string | undefined): void {
  if (proxy === undefined || (URL.canParse(proxy) && /^https?:$/.test(new URL(proxy).protocol))) return;
  throw new HubError("unsupported", "a proxy's address must start with http:// or https://", {
    hint: "Correct HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, or unset it.",
  });
}
