import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { entriesOf } from "./check-manifest.js";
import type { ImportUse, ModuleFacts } from "./imports.js";
import type { Offence, Rule } from "./offence.js";
import { dependencyKinds, isTest, ownRow, tablePath, type Workspace, type WorkspacePackage } from "./workspace.js";

/** A file of a package, with all that its imports are judged by. */
interface Importer {
  readonly workspace: Workspace;
  readonly one: WorkspacePackage;
  readonly file: string;
  readonly isTest: boolean;
  /** Whether people install it: a non-test file of a package or an app. */
  readonly isShipped: boolean;
}

/** What is wrong with one import. */
type Verdict = readonly [rule: Rule, message: string];

/** Everything in a package's files that its row, its package.json or its walls do not allow. */
export function checkImports(workspace: Workspace, one: WorkspacePackage): Offence[] {
  const offences: Offence[] = [];
  const entries = entryFiles(one);
  for (const [file, facts] of one.files) {
    const test = isTest(one, file);
    const isShipped = !test && (one.group === "packages" || one.group === "apps");
    const importer: Importer = { workspace, one, file, isTest: test, isShipped };
    for (const use of facts.imports) {
      for (const [rule, message] of verdicts(importer, use)) {
        offences.push({ file, line: use.line, found: use.specifier ?? "import(…)", rule, message });
      }
    }
    if (entries.has(file)) offences.push(...unlistedExports(file, facts));
  }
  return offences;
}

/** The packages of the workspace that a package's files name, with one place for each. */
export function importedPackages(workspace: Workspace, one: WorkspacePackage): Map<string, Offence> {
  const places = new Map<string, Offence>();
  for (const [file, { imports }] of one.files) {
    for (const { specifier, line } of imports) {
      const name = packageName(specifier ?? ".");
      if (name === one.name || !workspace.byName.has(name) || places.has(name)) continue;
      places.set(name, { file, line, found: specifier as string, rule: "cycle", message: "" });
    }
  }
  return places;
}

function verdicts(importer: Importer, use: ImportUse): Verdict[] {
  const { specifier } = use;
  if (specifier === undefined) {
    if (!importer.isShipped) return [];
    return [["computed-import", "write the module's name out, so that people and this check can see it"]];
  }
  if (use.address && !specifier.startsWith(".")) return [];
  if (/^(\.|\/|file:)/.test(specifier)) return outsideVerdicts(importer, use, specifier);
  if (specifier.startsWith("#")) return [];
  if (isBuiltin(specifier)) return builtinVerdicts(importer, use);
  const name = packageName(specifier);
  if (name === importer.one.name) return selfVerdicts(importer, specifier);
  return [...wallVerdicts(importer, use, name), ...declarationVerdicts(importer, use, name)];
}

function outsideVerdicts({ one, file, isShipped }: Importer, use: ImportUse, specifier: string): Verdict[] {
  const target = posix.join(posix.dirname(file), specifier);
  if (specifier.startsWith(".") && (target === one.folder || target.startsWith(`${one.folder}/`))) return [];
  // Tests and tools may look for files anywhere.
  if (use.address && !isShipped) return [];
  return [["outside-package", `${one.name} ends at ${one.folder}: import the other package by its name`]];
}

function builtinVerdicts({ one, isShipped }: Importer, use: ImportUse): Verdict[] {
  if (!isShipped || one.group !== "packages" || use.typeOnly || !use.static) return [];
  const remedy = "take it from process.getBuiltinModule or a dynamic import, behind a check";
  return [["node-import", `packages also run in browsers, where this fails as the module loads: ${remedy}`]];
}

function selfVerdicts({ one, isTest }: Importer, specifier: string): Verdict[] {
  const entry = `.${specifier.slice(one.name.length)}`;
  if (!entriesOf(one).includes(entry)) return [["deep-import", "a package's own files are imported by relative path"]];
  return isTest ? [] : [["cycle", `${one.name} imports itself: use a relative path`]];
}

/** Whether the table lets this package import that one, by an entry point that it has. */
function wallVerdicts(importer: Importer, use: ImportUse, name: string): Verdict[] {
  const { workspace, one } = importer;
  const target = workspace.byName.get(name);
  const verdict: Verdict[] = [];
  const entry = `.${(use.specifier as string).slice(name.length)}`;
  const wanted = ownRow(workspace, name);
  if (target === undefined && wanted === undefined) return [];
  if (entry !== "." && !(entry === "./testing" && (target === undefined || entriesOf(target).includes(entry)))) {
    const remedy = `import from "${name}", and export there what is missing`;
    verdict.push(["deep-import", `a package is entered by "." or "./testing": ${remedy}`]);
  } else if (entry === "./testing" && importer.isShipped && !importer.file.includes("/src/testing/")) {
    verdict.push(["import", "what is for tests is imported by tests: *.test.ts, or src/testing"]);
  }
  if (one.group === "tooling") return verdict;
  if (target?.group === "tooling") {
    if (importer.isShipped) verdict.push(["import", "tooling is never shipped: only tests may import it"]);
  } else if (target?.group === "apps" || target?.group === "examples") {
    verdict.push(["import", "nothing is built on an app or an example: move what is shared into a package"]);
  } else {
    const message = rowComplaint(importer, use, wanted as string);
    if (message !== undefined) verdict.push(["import", message]);
  }
  return verdict;
}

function rowComplaint({ one: { row }, isTest }: Importer, use: ImportUse, wanted: string): string | undefined {
  if (row.values.has(wanted) || (isTest && row.tests.has(wanted))) return undefined;
  if (row.types.has(wanted)) {
    if (use.typeOnly) return undefined;
    return `${row.name} may import types only from ${wanted}: write "import type", or do without its values`;
  }
  const extra = isTest && row.tests.size > 0 ? `, its tests also ${[...row.tests].join(", ")}` : "";
  return `${row.name} may import ${row.says}${extra}: do without it, or argue for a new row in ${tablePath}`;
}

/** Whether package.json lists what is imported, so that an installed package finds it. */
function declarationVerdicts({ workspace, one, isShipped }: Importer, use: ImportUse, name: string): Verdict[] {
  const lists = (manifest: WorkspacePackage["manifest"], kinds: readonly (typeof dependencyKinds)[number][]) =>
    kinds.some((kind) => Object.hasOwn(manifest[kind] ?? {}, name));
  if (isShipped && !use.typeOnly) {
    if (lists(one.manifest, ["dependencies", "peerDependencies", "optionalDependencies"])) return [];
    const remedy = `add it to dependencies or peerDependencies of ${one.folder}/package.json`;
    return [["undeclared", `whoever installs ${one.name} would not have it: ${remedy}`]];
  }
  if (lists(one.manifest, dependencyKinds)) return [];
  if (!isShipped && lists(workspace.rootManifest, ["devDependencies"])) return [];
  return [["undeclared", `${one.folder}/package.json does not list it: add it to devDependencies`]];
}

function unlistedExports(file: string, { unlisted }: ModuleFacts): Offence[] {
  const message = 'an entry point lists its exports by name: export { … } from "…"';
  return unlisted.map(({ form, line }) => ({ file, line, found: form, rule: "entry-point", message }));
}

/** The sources of the entry points: `./dist/testing/index.js` is built from `src/testing/index.ts`. */
function entryFiles({ folder, manifest }: WorkspacePackage): ReadonlySet<string> {
  const built = [...JSON.stringify(manifest.exports ?? {}).matchAll(/"\.\/dist\/([^"]+?)\.js"/g)];
  return new Set([`${folder}/src/index.ts`, ...built.map(([, path]) => `${folder}/src/${path}.ts`)]);
}

function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
