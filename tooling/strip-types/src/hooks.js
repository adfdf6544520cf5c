import { readFile } from "node:fs/promises";
import { transform } from "@swc/core";

/** Finds `thing.ts` where a TypeScript file imports `./thing.js`. */
export async function resolve(specifier, context, next) {
  const fromTypeScript = context.parentURL?.endsWith(".ts") && /^\.{1,2}\//.test(specifier);
  return next(fromTypeScript ? specifier.replace(/\.js$/, ".ts") : specifier, context);
}

/** Strips the types of TypeScript files, which Node 20 does not do by itself. */
export async function load(url, context, next) {
  if (!url.endsWith(".ts")) return next(url, context);
  const { code } = await transform(await readFile(new URL(url), "utf8"), {
    jsc: { target: "es2022", parser: { syntax: "typescript", explicitResourceManagement: true } },
  });
  return { format: "module", source: code, shortCircuit: true };
}
