import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import "@bertkit-tooling/strip-types";

// node tooling/unicode/bin/write-tables.js FOLDER
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("say which folder holds the files that the README names");
const { tablesModule } = await import("../src/unicode-tables.ts");
const text = tablesModule((name) => readFileSync(join(folder, name), "utf8"));
writeFileSync(new URL("../../../packages/tokenizer/src/unicode/tables.ts", import.meta.url), text);
