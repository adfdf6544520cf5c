import type { Offence } from "./offence.js";
import {
  type DependencyKind,
  dependencyKinds,
  type FileTree,
  lineOfDependency,
  ownRow,
  tablePath,
  type Workspace,
  type WorkspacePackage,
} from "./workspace.js";

/** What a package.json lists and its row does not allow, and entry points beyond `.` and `./testing`. */
export function checkManifest(tree: FileTree, workspace: Workspace, one: WorkspacePackage): Offence[] {
  const offences: Offence[] = [];
  const file = `${one.folder}/package.json`;
  for (const kind of dependencyKinds) {
    for (const name of Object.keys(one.manifest[kind] ?? {})) {
      const message = complaint(workspace, one, kind, name);
      if (message === undefined) continue;
      const line = lineOfDependency(tree, one.folder, kind, name);
      offences.push({ file, line, found: name, rule: "dependency", message });
    }
  }
  if (one.group === "packages") {
    for (const entry of entriesOf(one)) {
      if ([".", "./testing", "./package.json"].includes(entry)) continue;
      const message = `a package exposes "." and, where it has one, "./testing": export the names from src/index.ts`;
      const text = tree.get(file) ?? "";
      const line = text.slice(0, Math.max(text.indexOf(JSON.stringify(entry)), 0)).split("\n").length;
      offences.push({ file, line, found: entry, rule: "entry-point", message });
    }
  }
  return offences;
}

/** The keys of `exports`. */
export function entriesOf({ manifest }: WorkspacePackage): readonly string[] {
  const { exports } = manifest;
  if (typeof exports !== "object" || exports === null) return ["."];
  const keys = Object.keys(exports);
  return keys.every((key) => key.startsWith(".")) ? keys : ["."];
}

function complaint(
  workspace: Workspace,
  one: WorkspacePackage,
  kind: DependencyKind,
  name: string,
): string | undefined {
  const forTests = kind === "devDependencies";
  const { row } = one;
  if (one.group === "tooling") return undefined;
  const target = workspace.byName.get(name);
  if (target?.group === "tooling" || name.startsWith("@bertkit-tooling/")) {
    return forTests || one.group === "examples" ? undefined : "tooling is never shipped: move it to devDependencies";
  }
  if (target?.group === "apps" || target?.group === "examples")
    return "nothing is built on an app or an example: drop it";
  const wanted = ownRow(workspace, name);
  if (wanted === undefined) {
    if (row.libraries || forTests) return undefined;
    return `the row of ${row.name} in ${tablePath} says "nothing", libraries from npm included: drop it`;
  }
  if (row.values.has(wanted) || row.types.has(wanted)) return undefined;
  if (forTests && row.tests.has(wanted)) return undefined;
  const extra = forTests ? `, its tests also ${[...row.tests].join(", ") || "nothing else"}` : "";
  return `${row.name} may import ${row.says}${extra}: drop the dependency, or argue for a new row in ${tablePath}`;
}
