import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type FileTree, tablePath } from "./workspace.js";

/** The files of a repository that the check reads: the table, each package.json and tsconfig.build.json, and sources. */
export async function readTree(repository: string): Promise<FileTree> {
  const paths = [tablePath, "package.json"];
  for (const group of ["packages", "apps", "examples", "tooling"]) {
    for (const folder of await foldersIn(join(repository, group))) {
      const base = `${group}/${folder}`;
      const names = await readdir(join(repository, base));
      const manifests = ["package.json", "tsconfig.build.json"].filter((name) => names.includes(name));
      paths.push(...manifests.map((name) => `${base}/${name}`));
      for (const part of ["src", "bin"]) {
        if (names.includes(part)) paths.push(...(await filesUnder(repository, `${base}/${part}`)));
      }
    }
  }
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(repository, path), "utf8")] as const)),
  );
}

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function filesUnder(repository: string, path: string): Promise<string[]> {
  const entries = await readdir(join(repository, path), { withFileTypes: true });
  const lists = entries.map((entry) => {
    const inside = `${path}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : filesUnder(repository, inside);
    return /\.[cm]?[jt]sx?$/.test(entry.name) ? [inside] : [];
  });
  return (await Promise.all(lists)).flat();
}
