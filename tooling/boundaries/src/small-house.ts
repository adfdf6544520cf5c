import type { FileTree } from "./workspace.js";

const table = `
| Package | One sentence | May import |
|---|---|---|
| \`tokenizer\` | Text to ids. | nothing |
| \`checkpoint\` | Files of arrays. | nothing of ours |
| \`tensor\` | Numbers. | nothing |
| \`layers\` | Parts. | \`tensor\`, \`checkpoint\` (types) |
| \`heads\` | Answers. | \`layers\`, \`tensor\`, \`tokenizer\` (types) |
| \`bertkit\` | All of it. | all of the above |
| \`apps/*\` | Commands. | everything |
| \`tooling/*\` | Tools. | — |

| Package | Its tests may also import |
|---|---|
| \`layers\` | \`checkpoint\` |
`;

const entry = (path: string) => ({ types: `./dist/${path}.d.ts`, default: `./dist/${path}.js` });
const plain = { ".": entry("index") };
const json = (value: unknown) => JSON.stringify(value, null, 2);
const tensorPeer = { "@bertkit/tensor": "workspace:^" };

const sound: Readonly<Record<string, string>> = {
  "docs/architecture.md": table,
  "package.json": json({ devDependencies: { "@jest/globals": "1" } }),
  "packages/tokenizer/package.json": json({ name: "@bertkit/tokenizer", exports: plain }),
  "packages/tokenizer/src/index.ts": `export { encode } from "./encode.js";\n`,
  "packages/checkpoint/package.json": json({
    name: "@bertkit/checkpoint",
    exports: plain,
    dependencies: { fflate: "1" },
  }),
  "packages/checkpoint/src/index.ts": `import { inflate } from "fflate";\nexport { inflate as open };\n`,
  "packages/tensor/package.json": json({
    name: "@bertkit/tensor",
    exports: { ...plain, "./testing": entry("testing/index") },
  }),
  "packages/tensor/src/index.ts": `export { Tensor } from "./tensor.js";\n`,
  "packages/tensor/src/testing/index.ts": `export { close } from "./close.js";\n`,
  "packages/layers/package.json": json({
    name: "@bertkit/layers",
    exports: plain,
    peerDependencies: tensorPeer,
    devDependencies: { ...tensorPeer, "@bertkit/checkpoint": "workspace:*", "@bertkit-tooling/data": "workspace:*" },
  }),
  "packages/layers/src/index.ts": `export { Linear } from "./linear.js";\n`,
  "packages/layers/src/linear.ts": [
    `import { Tensor } from "@bertkit/tensor";`,
    `import type { CheckpointSource } from "@bertkit/checkpoint";`,
    `export type Bytes = import("@bertkit/checkpoint").Bytes;`,
    `export class Linear { using(source: CheckpointSource): Tensor { return Tensor.from(source); } }`,
  ].join("\n"),
  "packages/layers/src/linear.test.ts": [
    `import { test } from "@jest/globals";`,
    `import { readFileSync } from "node:fs";`,
    `import { open } from "@bertkit/checkpoint";`,
    `import { close } from "@bertkit/tensor/testing";`,
    `import { dataPath } from "@bertkit-tooling/data";`,
    `import { Linear } from "@bertkit/layers";`,
    `const license = new URL("../../../LICENSE", import.meta.url);`,
  ].join("\n"),
  "packages/heads/package.json": json({
    name: "@bertkit/heads",
    exports: plain,
    dependencies: { "@bertkit/layers": "workspace:^" },
    peerDependencies: tensorPeer,
    devDependencies: { "@bertkit/tokenizer": "workspace:*" },
  }),
  "packages/heads/src/index.ts": `export type { Encoding } from "@bertkit/tokenizer";\n`,
  "packages/bertkit/package.json": json({
    name: "bertkit",
    exports: plain,
    dependencies: { "@bertkit/heads": "workspace:^", "@bertkit/tokenizer": "workspace:^" },
  }),
  "packages/bertkit/src/index.ts": `export { encode } from "@bertkit/tokenizer";\n`,
  "apps/cli/package.json": json({ name: "@bertkit/cli", dependencies: { bertkit: "workspace:^" } }),
  "apps/cli/bin/bertkit.js": `#!/usr/bin/env node\nimport { encode } from "bertkit";\nimport { main } from "../dist/main.js";\n`,
  "tooling/data/package.json": json({ name: "@bertkit-tooling/data" }),
  "tooling/data/src/index.ts": `import "@jest/globals";\nexport const root = new URL("../../..", import.meta.url);\n`,
};

/** A small repository without a fault, with some files written otherwise. */
export function smallHouse(changes: Readonly<Record<string, string>> = {}): FileTree {
  return new Map(Object.entries({ ...sound, ...changes }));
}

/** A package.json of the small repository with some fields written otherwise. */
export function changedManifest(folder: string, fields: object): Readonly<Record<string, string>> {
  const path = `${folder}/package.json`;
  return { [path]: json({ ...JSON.parse(sound[path] ?? "{}"), ...fields }) };
}
