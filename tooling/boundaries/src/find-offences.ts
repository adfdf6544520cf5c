import { checkCycles } from "./check-cycles.js";
import { checkImports } from "./check-imports.js";
import { checkManifest } from "./check-manifest.js";
import type { Offence } from "./offence.js";
import { type FileTree, readWorkspace } from "./workspace.js";

/**
 * Everything in a tree of files that breaks the package table in its `docs/architecture.md` or the walls between
 * packages, in the order of the files.
 *
 * @throws PackageTableError where the table is missing or not understood.
 */
export function findOffences(tree: FileTree): readonly Offence[] {
  const workspace = readWorkspace(tree);
  const offences = [
    ...workspace.offences,
    ...workspace.packages.flatMap((one) => [...checkManifest(tree, workspace, one), ...checkImports(workspace, one)]),
    ...checkCycles(tree, workspace),
  ];
  return offences.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}
