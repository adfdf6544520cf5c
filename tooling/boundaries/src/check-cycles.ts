import { importedPackages } from "./check-imports.js";
import type { Offence } from "./offence.js";
import {
  dependencyKinds,
  type FileTree,
  lineOfDependency,
  type Workspace,
  type WorkspacePackage,
} from "./workspace.js";

/** A step from a package to another, and where it is taken. */
interface Step {
  readonly to: string;
  readonly file: string;
  readonly line: number;
}

/** Rings of packages that need each other, through package.json or an import, tests and types included; each once. */
export function checkCycles(tree: FileTree, workspace: Workspace): Offence[] {
  const steps = new Map(workspace.packages.map((one) => [one.name, stepsOf(tree, workspace, one)]));
  const seen = new Set<string>();
  const offences: Offence[] = [];
  for (const name of steps.keys()) {
    const ring = shortestRing(steps, name);
    if (ring === undefined) continue;
    const members = [name, ...ring.map(({ to }) => to)];
    const key = [...new Set(members)].sort().join(" ");
    if (seen.has(key)) continue;
    seen.add(key);
    const { to, file, line } = ring[0] as Step;
    const message = `${members.join(" → ")} is a ring, a design error: move what both need below them`;
    offences.push({ file, line, found: to, rule: "cycle", message });
  }
  return offences;
}

function stepsOf(tree: FileTree, workspace: Workspace, one: WorkspacePackage): Step[] {
  const steps = new Map<string, Step>();
  for (const kind of dependencyKinds) {
    for (const to of Object.keys(one.manifest[kind] ?? {})) {
      if (!workspace.byName.has(to) || steps.has(to)) continue;
      steps.set(to, { to, file: `${one.folder}/package.json`, line: lineOfDependency(tree, one.folder, kind, to) });
    }
  }
  for (const [to, { file, line }] of importedPackages(workspace, one)) {
    if (!steps.has(to)) steps.set(to, { to, file, line });
  }
  return [...steps.values()];
}

/** Breadth first, so that the ring shown is the shortest one through `start`. */
function shortestRing(steps: ReadonlyMap<string, readonly Step[]>, start: string): readonly Step[] | undefined {
  const reached = new Set<string>();
  const paths: Step[][] = [[]];
  for (let path = paths.shift(); path !== undefined; path = paths.shift()) {
    for (const step of steps.get(path.at(-1)?.to ?? start) ?? []) {
      if (step.to === start) return [...path, step];
      if (reached.has(step.to)) continue;
      reached.add(step.to);
      paths.push([...path, step]);
    }
  }
  return undefined;
}
