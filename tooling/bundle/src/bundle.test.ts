import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "@jest/globals";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bundle-"));
});
afterEach(() => rm(folder, { recursive: true }));

const entry = (path: string) => ({ types: `./dist/${path}.d.ts`, default: `./dist/${path}.js` });
const manifest = JSON.stringify({ exports: { ".": entry("index"), "./testing": entry("testing/index") } });

/** What tsc leaves: of each source the JavaScript, its map and its types. */
async function built(sources: Readonly<Record<string, string>>): Promise<void> {
  await write("package.json", manifest);
  for (const [name, code] of Object.entries(sources)) {
    const depth = "../".repeat(name.split("/").length);
    const map = { version: 3, file: "", sources: [`${depth}src/${name}.ts`], sourcesContent: [code], names: [] };
    await write(`dist/${name}.js`, code);
    // Every line is made of the same line of the source.
    const mappings = `AAAA${";AACA".repeat(code.split("\n").length - 1)}`;
    await write(`dist/${name}.js.map`, JSON.stringify({ ...map, mappings }));
    await write(`dist/${name}.d.ts`, "export {};\n");
  }
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

// In a process of its own, as builds run it: rolldown does not take what comes from jest's realm.
const program = fileURLToPath(new URL("../bin/bundle.js", import.meta.url));

function bundle(...workers: string[]): { readonly status: number | null; readonly problem: string } {
  const { status, stderr } = spawnSync(process.execPath, [program, ...workers], { cwd: folder, encoding: "utf8" });
  return { status, problem: stderr };
}

const read = (path: string): Promise<string> => readFile(join(folder, path), "utf8");

const sources = {
  index: `import { tokens } from "@bertkit/tokenizer";\nexport { Thing } from "./thing.js";\nexport const count = tokens;\n`,
  thing: "export class Thing {}\nexport const unused = 1;\n",
  "testing/index": `import { Thing } from "../thing.js";\nexport const isThing = (it) => it instanceof Thing;\n`,
  "worker/host": `import { Thing } from "../thing.js";\npostMessage(new Thing());\n`,
};

test("an entry point is one file, what several need another, and nothing else is left but types", async () => {
  await built(sources);
  expect(bundle("worker/host.js")).toEqual({ status: 0, problem: "" });
  const files = (await readdir(join(folder, "dist"), { recursive: true })).filter((file) => file.endsWith(".js"));
  expect(files.sort()).toEqual(["host.js", "index.js", "shared.js", "testing/index.js"]);
  expect(existsSync(join(folder, "dist/thing.js.map"))).toBe(false);
  expect(existsSync(join(folder, "dist/thing.d.ts"))).toBe(true);
  expect(await read("dist/shared.js")).toContain("class");
  for (const file of ["index", "testing/index", "host"]) expect(await read(`dist/${file}.js`)).not.toContain("class");
});

test("other packages stay imports", async () => {
  await built(sources);
  expect(bundle().status).toBe(0);
  expect(await read("dist/index.js")).toContain(`from "@bertkit/tokenizer"`);
});

test("maps lead to the TypeScript", async () => {
  await built(sources);
  expect(bundle().status).toBe(0);
  expect(JSON.parse(await read("dist/index.js.map")).sources).toEqual(["../src/index.ts"]);
  expect(JSON.parse(await read("dist/testing/index.js.map")).sources).toEqual(["../../src/testing/index.ts"]);
});

test("a build can follow a build", async () => {
  await built(sources);
  expect(bundle().status).toBe(0);
  const first = await read("dist/shared.js");
  await built(sources);
  expect(bundle().status).toBe(0);
  expect(await read("dist/shared.js")).toBe(first);
});

test("a file that is missing fails the build and leaves what is there", async () => {
  await built({ ...sources, index: `export * from "./gone.js";\n` });
  expect(bundle()).toEqual({ status: 1, problem: expect.stringContaining("gone.js") });
  expect(existsSync(join(folder, "dist/thing.js"))).toBe(true);
});

test("a package that exports nothing from dist is refused", async () => {
  await write("package.json", JSON.stringify({ exports: {} }));
  expect(bundle()).toEqual({ status: 1, problem: expect.stringContaining("exports nothing from dist") });
});
