import { readFile } from "node:fs/promises";

/** What a README's example may import, by the name it imports from. */
export type ImportableModules = Readonly<Record<string, object>>;

/** What the example of a README promises and what it does. */
export interface ReadmeRun {
  /** The text after each `// →` in the example, in order. */
  readonly promised: readonly string[];
  /** One line for each `console.log`, its values as JSON, typed arrays as lists. */
  readonly printed: readonly string[];
}

/**
 * Runs the first ```js block of the README.md beside the folder of `testFile`, with its imports taken from `modules`.
 * Throws for an import that `modules` does not have, by module or by name.
 * @param replace words of the example that stand for something else here, such as a file's path
 */
export async function runReadme(
  testFile: string,
  modules: ImportableModules,
  replace: Readonly<Record<string, string>> = {},
): Promise<ReadmeRun> {
  const readme = await readFile(new URL("../README.md", testFile), "utf8");
  const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1];
  if (example === undefined) throw new Error(`the README beside ${testFile} has no js example`);
  const promised = Array.from(example.matchAll(/\/\/ → (.*)/g), ([, line]) => line!);
  const imports = /^import \{([^}]*)\} from "([^"]+)";$/gm;
  const names = Array.from(example.matchAll(imports), ([, list, from]) => checkedNames(list!, from!, modules)).flat();
  let body = example.replace(imports, "");
  for (const [word, meaning] of Object.entries(replace)) body = body.replaceAll(word, meaning);
  const printed: string[] = [];
  const log = (...values: unknown[]): void => void printed.push(values.map(show).join(" "));
  const AsyncFunction = (async () => {}).constructor as new (
    ...parts: string[]
  ) => (...values: unknown[]) => Promise<void>;
  const run = new AsyncFunction("console", ...names.map(([name]) => name), body);
  await run({ log }, ...names.map(([, value]) => value));
  return { promised, printed };
}

function checkedNames(list: string, from: string, modules: ImportableModules): [name: string, value: unknown][] {
  const module = modules[from] as Readonly<Record<string, unknown>> | undefined;
  if (!module) throw new Error(`the example imports from ${from}, which its test does not offer`);
  const names = list.split(",").flatMap((name) => name.trim() || []);
  return names.map((name) => {
    if (!(name in module)) throw new Error(`the example imports ${name}, which ${from} does not export`);
    return [name, module[name]];
  });
}

function show(value: unknown): string {
  return JSON.stringify(ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value);
}
