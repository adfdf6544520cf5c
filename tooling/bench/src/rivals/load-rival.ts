import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const folder = new URL("../../rivals/", import.meta.url);
const require = createRequire(new URL("package.json", folder));

/**
 * A package of the rivals' folder, which is no dependency of the workspace.
 * @throws Error where it is not installed, with the command that installs it
 */
export function loadRival<Package>(name: string): Package {
  try {
    return require(name) as Package;
  } catch (cause) {
    throw new Error(absence(name), { cause });
  }
}

/** The same for an ES module, by its file in the package. Throws `Error` where it is not installed. */
export async function importRival<Package>(file: string): Promise<Package> {
  try {
    return (await import(new URL(`node_modules/${file}`, folder).href)) as Package;
  } catch (cause) {
    throw new Error(absence(file), { cause });
  }
}

/** The installed version, or that there is none. */
export function versionOfRival(name: string): string {
  try {
    const text = readFileSync(new URL(`node_modules/${name}/package.json`, folder), "utf8");
    return (JSON.parse(text) as { version: string }).version;
  } catch {
    return "not installed";
  }
}

const absence = (name: string): string => `${name} is not there: \`npm run rivals\` in tooling/bench installs it`;
