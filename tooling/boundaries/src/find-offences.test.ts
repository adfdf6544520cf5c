import { describe, expect, test } from "@jest/globals";
import { findOffences } from "./find-offences.js";
import { type Rule, showOffence } from "./offence.js";
import { changedManifest, smallHouse } from "./small-house.js";

/** Each offence as `file:line rule found`. */
const offences = (changes: Readonly<Record<string, string>>) =>
  findOffences(smallHouse(changes)).map(({ file, line, rule, found }) => `${file}:${line} ${rule} ${found}`);

const layer = "packages/layers/src/new-layer.ts";
const layerTest = "packages/layers/src/new-layer.test.ts";
const head = "packages/heads/src/new-head.ts";

test("a repository that keeps to its table has no offences", () => {
  expect(offences({})).toEqual([]);
});

describe("imports", () => {
  // Every form in which a module can be named. The first line is there so that line numbers are put to the test.
  const forms: readonly [form: string, source: string][] = [
    ["static import", `import { encode } from "@bertkit/tokenizer";`],
    ["import for its effect", `import "@bertkit/tokenizer";`],
    ["default import", `import tokenizer from "@bertkit/tokenizer";`],
    ["namespace import", `import * as tokenizer from "@bertkit/tokenizer";`],
    ["export from", `export { encode } from "@bertkit/tokenizer";`],
    ["export * from", `export * from "@bertkit/tokenizer";`],
    ["export * as from", `export * as tokenizer from "@bertkit/tokenizer";`],
    ["import type", `import type { Encoding } from "@bertkit/tokenizer";`],
    ["export type", `export type { Encoding } from "@bertkit/tokenizer";`],
    ["export type *", `export type * from "@bertkit/tokenizer";`],
    ["import() in a type", `type Encoding = import("@bertkit/tokenizer").Encoding;`],
    ["typeof import()", `let module: typeof import("@bertkit/tokenizer");`],
    ["dynamic import", `export async function later() { await import("@bertkit/tokenizer"); }`],
    ["dynamic import of a template", "const later = () => import(`@bertkit/tokenizer`);"],
    ["import =", `import tokenizer = require("@bertkit/tokenizer");`],
    ["require", `const tokenizer = require("@bertkit/tokenizer");`],
    ["require.resolve", `const path = require.resolve("@bertkit/tokenizer");`],
    ["import.meta.resolve", `const url = import.meta.resolve("@bertkit/tokenizer");`],
    ["declare module", `declare module "@bertkit/tokenizer" { interface Encoding { more: number } }`],
    ["reference types", `/// <reference types="@bertkit/tokenizer" />`],
  ];
  test.each(forms)("%s of a package that the row does not allow is an offence", (_form, source) => {
    const found = offences({
      ...changedManifest("packages/layers", { dependencies: {}, devDependencies: { "@bertkit/checkpoint": "*" } }),
      [layer]: `// Größe in Bytes: “é” has two.\n${source}\n`,
      "packages/layers/src/linear.test.ts": "",
    });
    expect(found).toEqual([`${layer}:2 import @bertkit/tokenizer`, `${layer}:2 undeclared @bertkit/tokenizer`]);
  });

  test("a row that allows types does not allow values", () => {
    const typesOnly = `import type { open } from "@bertkit/checkpoint";\n`;
    const value = `import { open } from "@bertkit/checkpoint";\n`;
    // The compiler removes the name, not the import.
    const emptied = `import { type open } from "@bertkit/checkpoint";\n`;
    const listed = changedManifest("packages/layers", {
      dependencies: { "@bertkit/checkpoint": "workspace:^" },
      devDependencies: { "@bertkit-tooling/data": "workspace:*" },
    });
    expect(offences({ ...listed, [layer]: typesOnly })).toEqual([]);
    expect(offences({ ...listed, [layer]: value })).toEqual([`${layer}:1 import @bertkit/checkpoint`]);
    expect(offences({ ...listed, [layer]: emptied })).toEqual([`${layer}:1 import @bertkit/checkpoint`]);
  });

  test("tests may import what the second table adds, and no more", () => {
    expect(offences({ [layerTest]: `import { open } from "@bertkit/checkpoint";\n` })).toEqual([]);
    const found = offences({
      ...changedManifest("packages/layers", {
        devDependencies: { "@bertkit/checkpoint": "*", "@bertkit-tooling/data": "*", "@bertkit/tokenizer": "*" },
      }),
      [layerTest]: `import { encode } from "@bertkit/tokenizer";\n`,
    });
    expect(found).toEqual([
      "packages/layers/package.json:15 dependency @bertkit/tokenizer",
      `${layerTest}:1 import @bertkit/tokenizer`,
    ]);
  });

  test("a folder that the build leaves out is for tests, any other is shipped", () => {
    const helper = "packages/layers/src/fixtures/weights.ts";
    const source = `import { open } from "@bertkit/checkpoint";\n`;
    const build = (exclude: string[]) => ({ "packages/layers/tsconfig.build.json": JSON.stringify({ exclude }) });
    expect(offences({ [helper]: source, ...build(["src/**/*.test.ts", "src/fixtures"]) })).toEqual([]);
    expect(offences({ [helper]: source, ...build(["src/**/*.test.ts", "src/fixtures/**"]) })).toEqual([]);
    expect(offences({ [helper]: source, ...build(["src/**/*.test.ts"]) })).toContain(
      `${helper}:1 import @bertkit/checkpoint`,
    );
  });

  test("a test may not take values from a package of which its row has the types", () => {
    const source = `import { encode } from "@bertkit/tokenizer";\n`;
    expect(offences({ "packages/heads/src/new-head.test.ts": source })).toEqual([
      "packages/heads/src/new-head.test.ts:1 import @bertkit/tokenizer",
    ]);
  });

  test("tooling and what is for tests are for tests only", () => {
    expect(offences({ [layer]: `import type { Data } from "@bertkit-tooling/data";\n` })).toEqual([
      `${layer}:1 import @bertkit-tooling/data`,
    ]);
    expect(offences({ [layer]: `import { close } from "@bertkit/tensor/testing";\n` })).toEqual([
      `${layer}:1 import @bertkit/tensor/testing`,
    ]);
  });

  test("nothing is built on an app", () => {
    const found = offences({
      ...changedManifest("packages/bertkit", { dependencies: { "@bertkit/cli": "*", "@bertkit/tokenizer": "*" } }),
      "packages/bertkit/src/encode.ts": `import { main } from "@bertkit/cli";\n`,
    });
    expect(found).toContain("packages/bertkit/package.json:10 dependency @bertkit/cli");
    expect(found).toContain("packages/bertkit/src/encode.ts:1 import @bertkit/cli");
  });

  test.each(["@bertkit/tensor/src/tensor.js", "@bertkit/tensor/dist/tensor.js", "@bertkit/tensor/package.json"])(
    "%s is a deep import, in tests and tools too",
    (specifier) => {
      const source = `import "${specifier}";\n`;
      const tool = "tooling/data/src/tool.ts";
      expect(offences({ [layer]: source })).toEqual([`${layer}:1 deep-import ${specifier}`]);
      expect(offences({ [layerTest]: source })).toEqual([`${layerTest}:1 deep-import ${specifier}`]);
      expect(
        offences({ ...changedManifest("tooling/data", { dependencies: { "@bertkit/tensor": "*" } }), [tool]: source }),
      ).toEqual(expect.arrayContaining([`${tool}:1 deep-import ${specifier}`]));
    },
  );

  test("./testing of a package that has none is a deep import", () => {
    expect(offences({ [layerTest]: `import "@bertkit/checkpoint/testing";\n` })).toEqual([
      `${layerTest}:1 deep-import @bertkit/checkpoint/testing`,
    ]);
  });

  test.each(["../../tensor/src/tensor.js", "../../../tooling/data/src/index.js", "../../..", "/tensor.js"])(
    "%s leaves the package",
    (specifier) => {
      expect(offences({ [layer]: `import "${specifier}";\n` })).toEqual([`${layer}:1 outside-package ${specifier}`]);
    },
  );

  test("a folder whose name starts like the package's is outside it", () => {
    expect(offences({ [layer]: `import "../../layers-of-others/src/index.js";\n` })).toHaveLength(1);
  });

  test("a shipped file may not look for files outside its package either", () => {
    const source = `const worker = new URL("../../tensor/dist/worker.js", import.meta.url);\n`;
    expect(offences({ [layer]: source })).toEqual([`${layer}:1 outside-package ../../tensor/dist/worker.js`]);
    expect(offences({ [layer]: `const worker = new URL("./worker.js", import.meta.url);\n` })).toEqual([]);
  });

  test("a package does not import itself by name, but its tests may", () => {
    const source = `import { Linear } from "@bertkit/layers";\n`;
    expect(offences({ [layer]: source })).toEqual([`${layer}:1 cycle @bertkit/layers`]);
    expect(offences({ [layerTest]: source })).toEqual([]);
  });

  test("what a shipped file imports is in dependencies or peerDependencies", () => {
    const source = `import { inflate } from "fflate";\n`;
    const dependencies = { "@bertkit/layers": "workspace:^", fflate: "1" };
    expect(offences({ [head]: source })).toEqual([`${head}:1 undeclared fflate`]);
    expect(offences({ [head]: source, ...changedManifest("packages/heads", { dependencies }) })).toEqual([]);
    const forTests = changedManifest("packages/heads", { devDependencies: { fflate: "1", "@bertkit/tokenizer": "*" } });
    expect(offences({ [head]: source, ...forTests })).toEqual([`${head}:1 undeclared fflate`]);
    expect(offences({ [head]: `import type { Inflate } from "fflate";\n`, ...forTests })).toEqual([]);
    expect(offences({ [head]: `import "@jest/globals";\n` })).toEqual([`${head}:1 undeclared @jest/globals`]);
    expect(offences({ [layerTest]: source })).toEqual([`${layerTest}:1 undeclared fflate`]);
  });

  test("an import whose name is computed cannot be checked", () => {
    expect(offences({ [layer]: "export const load = (name: string) => import(name);\n" })).toEqual([
      `${layer}:1 computed-import import(…)`,
    ]);
  });

  test("packages load Node's modules late, apps and tests as they like", () => {
    const source = `import { readFile } from "node:fs/promises";\n`;
    expect(offences({ [layer]: source })).toEqual([`${layer}:1 node-import node:fs/promises`]);
    expect(offences({ [layer]: `import "fs";\n` })).toEqual([`${layer}:1 node-import fs`]);
    expect(offences({ [layer]: `export const files = () => import("node:fs/promises");\n` })).toEqual([]);
    expect(offences({ [layer]: `import type { Stats } from "node:fs";\n` })).toEqual([]);
    expect(offences({ "apps/cli/src/main.ts": source })).toEqual([]);
  });
});

describe("package.json", () => {
  test.each(["dependencies", "peerDependencies", "optionalDependencies"])("%s beyond the row", (kind) => {
    expect(offences(changedManifest("packages/tensor", { [kind]: { "@bertkit/tokenizer": "workspace:^" } }))).toEqual([
      "packages/tensor/package.json:14 dependency @bertkit/tokenizer",
    ]);
  });

  test("what only tests may import is no dependency", () => {
    const found = offences(changedManifest("packages/layers", { dependencies: { "@bertkit-tooling/data": "*" } }));
    expect(found).toEqual(["packages/layers/package.json:18 dependency @bertkit-tooling/data"]);
  });

  test("a package that is planned is known by its name", () => {
    expect(offences(changedManifest("packages/tensor", { dependencies: { "@bertkit/gpu": "*" } }))).toEqual([
      "packages/tensor/package.json:14 dependency @bertkit/gpu",
    ]);
  });

  test('"nothing" means no library from npm either; "nothing of ours" does not', () => {
    expect(offences(changedManifest("packages/tokenizer", { dependencies: { fflate: "1" } }))).toEqual([
      "packages/tokenizer/package.json:10 dependency fflate",
    ]);
    expect(offences(changedManifest("packages/checkpoint", { dependencies: { fflate: "1", pako: "1" } }))).toEqual([]);
  });

  test("a package has no entry points but . and ./testing", () => {
    const exports = { ".": "./dist/index.js", "./kernels": "./dist/kernels.js" };
    expect(offences(changedManifest("packages/tokenizer", { exports }))).toEqual([
      "packages/tokenizer/package.json:5 entry-point ./kernels",
    ]);
  });

  test("a package without a row, or with another's name, is an offence", () => {
    expect(offences({ "packages/vision/package.json": `{ "name": "@bertkit/vision" }` })).toEqual([
      "packages/vision/package.json:1 table @bertkit/vision",
    ]);
    expect(offences({ "packages/tensor/package.json": `{ "name": "@bertkit/tensors" }` })).toContain(
      "packages/tensor/package.json:1 table @bertkit/tensors",
    );
  });
});

describe("cycles", () => {
  test("a ring through package.json, development included, is found once, the shortest through each package", () => {
    const found = findOffences(
      smallHouse(changedManifest("packages/tensor", { devDependencies: { "@bertkit/heads": "workspace:*" } })),
    ).filter(({ rule }) => rule === "cycle");
    expect(found.map(({ message }) => message.split(" is ")[0])).toEqual([
      "@bertkit/layers → @bertkit/tensor → @bertkit/heads → @bertkit/layers",
      "@bertkit/tensor → @bertkit/heads → @bertkit/tensor",
    ]);
  });

  test("a ring through an import of a type is found", () => {
    const source = `import type { Layer } from "@bertkit/layers";\n`;
    expect(offences({ "packages/tensor/src/tensor.ts": source })).toContain(
      "packages/tensor/src/tensor.ts:1 cycle @bertkit/layers",
    );
  });
});

describe("entry points list their exports by name", () => {
  const cases: readonly [file: string, source: string, found: string][] = [
    ["packages/tensor/src/index.ts", `export * from "./tensor.js";`, "export *"],
    ["packages/tensor/src/index.ts", `export * as tensors from "./tensor.js";`, "export *"],
    ["packages/tensor/src/index.ts", `export type * from "./tensor.js";`, "export *"],
    ["packages/tensor/src/index.ts", `export default class Tensor {}`, "export default"],
    ["packages/tensor/src/index.ts", `export default 1;`, "export default"],
    ["packages/tensor/src/index.ts", `export { Tensor as default } from "./tensor.js";`, "export default"],
    ["packages/tensor/src/testing/index.ts", `export * from "./close.js";`, "export *"],
  ];
  test.each(cases)("%s: %s", (file, source, found) => {
    expect(offences({ [file]: `\n${source}\n` })).toEqual([`${file}:2 entry-point ${found}`]);
  });

  test("inside a package export * is the package's own affair", () => {
    expect(offences({ "packages/tensor/src/tensor.ts": `export * from "./shape.js";\n` })).toEqual([]);
  });
});

describe("what is shown", () => {
  test("file, line, what was found, the rule and what to do", () => {
    const [offence] = findOffences(smallHouse({ [head]: `\n\nimport type { Source } from "@bertkit/checkpoint";\n` }));
    expect(offence && showOffence(offence)).toBe(
      'packages/heads/src/new-head.ts:3: "@bertkit/checkpoint" [import] heads may import `layers`, `tensor`, ' +
        "`tokenizer` (types): do without it, or argue for a new row in docs/architecture.md",
    );
  });

  test("every rule is shown failing in this file", () => {
    const rules: Record<Rule, Readonly<Record<string, string>>> = {
      table: { "packages/vision/package.json": "{}" },
      dependency: changedManifest("packages/tensor", { dependencies: { "@bertkit/heads": "*" } }),
      import: { [head]: `import "@bertkit/checkpoint";` },
      "deep-import": { [head]: `import "@bertkit/layers/src/linear.js";` },
      "outside-package": { [head]: `import "../../layers/src/linear.js";` },
      cycle: { "packages/tensor/src/tensor.ts": `import "@bertkit/layers";` },
      undeclared: { [head]: `import "left-pad";` },
      "node-import": { [head]: `import "node:fs";` },
      "computed-import": { [head]: "import(name);" },
      "entry-point": { "packages/heads/src/index.ts": `export * from "./head.js";` },
    };
    for (const [rule, changes] of Object.entries(rules)) {
      expect(findOffences(smallHouse(changes)).map((offence) => offence.rule)).toContain(rule);
    }
  });

  test("a file that does not parse is named", () => {
    expect(() => findOffences(smallHouse({ [head]: "import {" }))).toThrow(head);
  });
});
