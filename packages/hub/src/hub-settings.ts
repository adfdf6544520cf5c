import { HubError } from "./hub-error.js";
import { environment, type NodeModules, nodeModules } from "./node-modules.js";

/** Where models come from and go to. What is absent comes from the environment, as for Python's huggingface_hub. */
export interface HubOptions {
  /** The hub's address; else `HF_ENDPOINT`, else https://huggingface.co. */
  readonly endpoint?: string | undefined;
  /** The access token; false for none; else `HF_TOKEN`, else the file that `hf auth login` writes. */
  readonly token?: string | false | undefined;
  /** The folder of the cache; else `HF_HUB_CACHE`, else `HF_HOME`/hub, else ~/.cache/huggingface/hub. */
  readonly cacheFolder?: string | undefined;
  /** Whether to stay off the network; else `HF_HUB_OFFLINE`. */
  readonly offline?: boolean | undefined;
}

/** What is in force, without the token itself: for people who ask why. */
export interface HubSettings {
  readonly endpoint: string;
  /** Undefined in browsers, where the cache is the browser's own. */
  readonly cacheFolder: string | undefined;
  readonly offline: boolean;
  /** Where the token comes from: `option`, a variable's name or a file's path; undefined where there is none. */
  readonly tokenSource: string | undefined;
}

/** The settings together with the token. Never handed out of this package. */
export interface Access extends HubSettings {
  readonly token: string | undefined;
}

/** What `fetchModel` would use for these options in this environment. Throws `HubError` for what cannot be. */
export async function hubSettings(options: HubOptions = {}): Promise<HubSettings> {
  const { token: _token, ...settings } = await accessOf(options);
  return settings;
}

/** The same with the token. */
export async function accessOf(options: HubOptions): Promise<Access> {
  const node = nodeModules();
  const found = await findToken(options, node);
  if (found !== undefined && !/^[\x21-\x7e]+$/.test(found.token)) {
    // Not shown: a token with a line break in it is a token all the same.
    const hint = `Copy it again from the hub's page of access tokens.`;
    throw new HubError("argument", `the token from ${found.source} has characters that no token has`, { hint });
  }
  return {
    endpoint: endpointOf(options.endpoint ?? variable("HF_ENDPOINT") ?? "https://huggingface.co"),
    cacheFolder: node && cacheFolderOf(options, node),
    offline: options.offline ?? (isTrue("HF_HUB_OFFLINE") || isTrue("TRANSFORMERS_OFFLINE")),
    tokenSource: found?.source,
    token: found?.token,
  };
}

/** Checks the hub's address. What it may hold besides is cut off, so that it is safe to show. */
function endpointOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new HubError("argument", "the hub's address must start with https:// or http://", {
      hint: "Correct HF_ENDPOINT (or the endpoint option), or unset it for https://huggingface.co.",
    });
  }
  if (url.username || url.password) {
    throw new HubError("argument", "the hub's address must not hold a user's name or password", {
      hint: "Give the token as HF_TOKEN instead.",
    });
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

function cacheFolderOf({ cacheFolder }: HubOptions, node: NodeModules): string {
  const folder = cacheFolder ?? variable("HF_HUB_CACHE") ?? variable("HUGGINGFACE_HUB_CACHE");
  return node.path.resolve(folder ? expand(folder, node) : node.path.join(homeOf(node), "hub"));
}

/** Hugging Face's folder of this user. */
function homeOf(node: NodeModules): string {
  const { join } = node.path;
  const caches = variable("XDG_CACHE_HOME") ?? join(node.os.homedir(), ".cache");
  return expand(variable("HF_HOME") ?? join(caches, "huggingface"), node);
}

interface FoundToken {
  readonly token: string;
  readonly source: string;
}

async function findToken({ token }: HubOptions, node: NodeModules | undefined): Promise<FoundToken | undefined> {
  if (token === false) return undefined;
  if (token !== undefined) return { token: token.trim(), source: "option" };
  if (isTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN")) return undefined;
  for (const source of ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"]) {
    const value = variable(source)?.trim();
    if (value) return { token: value, source };
  }
  if (node === undefined) return undefined;
  const path = expand(variable("HF_TOKEN_PATH") ?? node.path.join(homeOf(node), "token"), node);
  const content = (await node.files.readFile(path, "utf8").catch(() => "")).trim();
  return content ? { token: content, source: path } : undefined;
}

/** A variable of the environment; one that is set to nothing counts as not set. */
const variable = (name: string): string | undefined => environment()[name] || undefined;

/** What huggingface_hub takes for yes. */
const isTrue = (name: string): boolean => /^(1|on|yes|true)$/i.test(variable(name) ?? "");

/** `~`, `$NAME` and `${NAME}` in a path, as Python's expanduser and expandvars read them. */
function expand(path: string, { os }: NodeModules): string {
  const known = path.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced, bare) => variable(braced ?? bare) ?? whole);
  return known.replace(/^~(?=$|[/\\])/, () => os.homedir());
}
