import { type ModuleFacts, readModule } from "./imports.js";
import type { Offence } from "./offence.js";
import { type PackageTable, parsePackageTable, type TableRow } from "./package-table.js";

/** Files of the repository by path from its root, with `/`. */
export type FileTree = ReadonlyMap<string, string>;

/** Where the package table stands. */
export const tablePath = "docs/architecture.md";

/** The fields of a package.json that list other packages. */
export const dependencyKinds = ["dependencies", "peerDependencies", "optionalDependencies", "devDependencies"] as const;

/** One of {@link dependencyKinds}. */
export type DependencyKind = (typeof dependencyKinds)[number];

/** What is read of a package.json. */
export interface Manifest extends Readonly<Partial<Record<DependencyKind, Readonly<Record<string, string>>>>> {
  readonly name?: string;
  readonly exports?: unknown;
}

/** A folder of the workspace that has a package.json. */
export interface WorkspacePackage {
  readonly folder: string;
  readonly group: "packages" | "apps" | "examples" | "tooling";
  readonly name: string;
  readonly manifest: Manifest;
  readonly row: TableRow;
  /** Folders that its build leaves out: they are for tests. */
  readonly unbuilt: readonly string[];
  /** What its sources import, by path from the repository's root. */
  readonly files: ReadonlyMap<string, ModuleFacts>;
}

/** All packages, and what everyone may use in tests. */
export interface Workspace {
  readonly packages: readonly WorkspacePackage[];
  readonly byName: ReadonlyMap<string, WorkspacePackage>;
  readonly rootManifest: Manifest;
  /** Packages that the table doesn't have a row for; they are not in `packages`. */
  readonly offences: readonly Offence[];
}

/** Reads the packages of a tree. @throws PackageTableError where the table is missing or not understood. */
export function readWorkspace(tree: FileTree): Workspace {
  const table = parsePackageTable(tree.get(tablePath) ?? "");
  const packages: WorkspacePackage[] = [];
  const offences: Offence[] = [];
  for (const [path, text] of tree) {
    const [, folder, group, base] = /^((packages|apps|examples|tooling)\/([^/]+))\/package\.json$/.exec(path) ?? [];
    if (folder === undefined || base === undefined) continue;
    const manifest = JSON.parse(text) as Manifest;
    const name = manifest.name ?? folder;
    const row = rowOf(table, group as string, base);
    if (row === undefined) {
      const message = `the table in ${tablePath} has no row for it: add one that says what it may import`;
      offences.push({ file: path, line: 1, found: name, rule: "table", message });
      continue;
    }
    if (group === "packages" && !isNameOf(base, name)) {
      const message = `the package of the row ${base} is called @bertkit/${base}: rename one of them`;
      offences.push({ file: path, line: 1, found: name, rule: "table", message });
    }
    const sources = [...tree].filter(([file]) => isSource(file, folder));
    const files = new Map(sources.map(([file, source]) => [file, readModule(source, file)]));
    const unbuilt = unbuiltFolders(folder, tree.get(`${folder}/tsconfig.build.json`));
    packages.push({ folder, group: group as WorkspacePackage["group"], name, manifest, row, unbuilt, files });
  }
  return {
    packages,
    byName: new Map(packages.map((one) => [one.name, one])),
    rootManifest: JSON.parse(tree.get("package.json") ?? "{}") as Manifest,
    offences,
  };
}

/** The row's name of a package that the workspace has, or would have; undefined for one that isn't ours. */
export function ownRow(workspace: Workspace, name: string): string | undefined {
  const known = workspace.byName.get(name);
  if (known !== undefined) return known.row.name;
  if (name === "bertkit") return name;
  return /^@bertkit\/(.+)$/.exec(name)?.[1];
}

/** Whether a file is left out of what is published: a test, or in a folder that the build excludes. */
export const isTest = ({ unbuilt }: WorkspacePackage, file: string): boolean =>
  /\.test\.[cm]?[jt]sx?$/.test(file) || unbuilt.some((folder) => file.startsWith(`${folder}/`));

/** Where a package.json lists a dependency; 1 where it doesn't. */
export function lineOfDependency(tree: FileTree, folder: string, kind: DependencyKind, name: string): number {
  const text = tree.get(`${folder}/package.json`) ?? "";
  const at = text.indexOf(JSON.stringify(name), Math.max(text.indexOf(JSON.stringify(kind)), 0));
  return at < 0 ? 1 : text.slice(0, at).split("\n").length;
}

function unbuiltFolders(folder: string, buildConfig: string | undefined): string[] {
  const { exclude = [] } = JSON.parse(buildConfig ?? "{}") as { exclude?: readonly string[] };
  const folders = exclude.map((pattern) => pattern.replace(/\/(\*\*(\/\*)?)?$/, ""));
  return folders.filter((path) => path.startsWith("src/") && !path.includes("*")).map((path) => `${folder}/${path}`);
}

const rowOf = (table: PackageTable, group: string, base: string) =>
  table.get(group === "packages" ? base : `${group}/*`);

const isNameOf = (base: string, name: string) => name === (base === "bertkit" ? base : `@bertkit/${base}`);

const isSource = (file: string, folder: string) =>
  /\.[cm]?[jt]sx?$/.test(file) && (file.startsWith(`${folder}/src/`) || file.startsWith(`${folder}/bin/`));
