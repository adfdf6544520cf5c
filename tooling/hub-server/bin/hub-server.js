#!/usr/bin/env node
import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import "@bertkit-tooling/strip-types";

const { filesIn, startHub } = await import("../src/index.ts");

const usage = `Serves model folders as Hugging Face's hub would, on this machine only.

  node tooling/hub-server/bin/hub-server.js [--port PORT] [--log] [NAMESPACE/NAME=]FOLDER…

FOLDER is a model's folder, served as NAMESPACE/NAME (test/FOLDER where no name is given), or a folder of
NAMESPACE/NAME folders. Then, in another terminal:

  HF_ENDPOINT=http://127.0.0.1:PORT bertkit encode …`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: "string", default: "0" }, log: { type: "boolean" }, help: { type: "boolean" } },
});
if (values.help || positionals.length === 0) {
  console.error(usage);
  process.exit(values.help ? 0 : 2);
}

const models = new Map((await Promise.all(positionals.map(modelsOf))).flat());
const onAnswered = ({ server, method, path, range, status, sent }) => {
  const parts = [server, method, path, range, status, `${sent} bytes`];
  console.error(parts.filter((part) => part !== undefined).join("  "));
};
const hub = await startHub({ models, port: Number(values.port), ...(values.log && { onAnswered }) });
console.error(`serving ${[...models.keys()].join(", ")}\nHF_ENDPOINT=${hub.url}`);

/** The models that an argument names, with their files. */
async function modelsOf(argument) {
  const [, name, place] = /^(?:([^=/]+\/[^=/]+)=)?(.+)$/.exec(argument);
  const folder = resolve(place);
  const entries = await readdir(folder, { withFileTypes: true });
  if (name || entries.some((entry) => entry.name === "config.json")) {
    return [[name ?? `test/${basename(folder)}`, await filesIn(folder)]];
  }
  const namespaces = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const inNamespaces = namespaces.map(async (namespace) => {
    const names = await readdir(join(folder, namespace), { withFileTypes: true });
    const folders = names.filter((entry) => entry.isDirectory());
    return Promise.all(
      folders.map(async (entry) => [`${namespace}/${entry.name}`, await filesIn(join(folder, namespace, entry.name))]),
    );
  });
  return (await Promise.all(inNamespaces)).flat();
}
