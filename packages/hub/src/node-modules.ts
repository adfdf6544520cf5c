/** What is used of Node. */
export interface NodeModules {
  readonly files: typeof import("node:fs/promises");
  readonly path: typeof import("node:path");
  readonly os: typeof import("node:os");
  readonly crypto: typeof import("node:crypto");
}

/**
 * Node's modules; undefined where there are none, as in a browser. Asked for at run time and without an `import`, so
 * that bundlers for browsers have nothing to resolve.
 */
export function nodeModules(): NodeModules | undefined {
  const get = globalThis.process?.getBuiltinModule;
  if (get === undefined) return undefined;
  return { files: get("node:fs/promises"), path: get("node:path"), os: get("node:os"), crypto: get("node:crypto") };
}

/** The environment's variables: none in a browser. */
export const environment = (): Readonly<Record<string, string | undefined>> => globalThis.process?.env ?? {};
