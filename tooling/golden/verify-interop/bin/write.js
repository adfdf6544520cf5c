import "@bertkit-tooling/strip-types";
import { readFile, rm, writeFile } from "node:fs/promises";
import { writeModel } from "../src/write-model.js";

// node bin/write.js FOLDER: a tiny BERT with every head, as a sentence encoder and alone, in every format we write.
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("say which folder to write the models into");
const { tinyHeads, writeTinyModel } = await import("@bertkit-tooling/fixtures");

for (const head of tinyHeads) {
  await write(head, (source) => writeTinyModel(source, { head, labels: ["sports", "politics", "science"] }));
}
await write("BertForMultipleChoice", writeMultipleChoice);
await write("sentence-encoder", (source) => writeTinyModel(source));
await write("BertModel", writeEncoder);

/**
 * @param {string} name
 * @param {(source: string) => Promise<unknown>} writeSource
 */
async function write(name, writeSource) {
  await writeSource(`${folder}/${name}/source`);
  await writeModel(`${folder}/${name}/source`, `${folder}/${name}`);
}

/** Its parameters are those of a classifier with one label. @param {string} source */
async function writeMultipleChoice(source) {
  await writeTinyModel(source, { head: "BertForSequenceClassification", labels: ["choice"] });
  const config = JSON.parse(await readFile(`${source}/config.json`, "utf8"));
  await writeFile(`${source}/config.json`, JSON.stringify({ ...config, architectures: ["BertForMultipleChoice"] }));
}

/** Without what makes it a sentence encoder. @param {string} source */
async function writeEncoder(source) {
  await writeTinyModel(source);
  await rm(`${source}/modules.json`);
}
