import "@bertkit-tooling/strip-types";
import { cp, readFile, writeFile } from "node:fs/promises";
import { writeModel } from "../src/write-model.js";

// node bin/write.js FOLDER: a tiny BERT with every head in every format that we write, each in a folder of its own.
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("say which folder to write the models into");
const { tinyHeads, writeTinyModel } = await import("@bertkit-tooling/fixtures");

for (const head of [undefined, ...tinyHeads]) {
  const place = `${folder}/${head ?? "sentence-encoder"}`;
  await writeTinyModel(`${place}/source`, { head, labels: ["sports", "politics", "science"] });
  await writeModel(`${place}/source`, place);
}
await writeMultipleChoice(`${folder}/BertForMultipleChoice`);
await makeSentenceTransformers(`${folder}/sentence-encoder`);

/** Its parameters are those of a classifier with one label. @param {string} place */
async function writeMultipleChoice(place) {
  const source = `${place}/source`;
  await writeTinyModel(source, { head: "BertForSequenceClassification", labels: ["choice"] });
  const config = JSON.parse(await readFile(`${source}/config.json`, "utf8"));
  await writeFile(`${source}/config.json`, JSON.stringify({ ...config, architectures: ["BertForMultipleChoice"] }));
  await writeModel(source, place);
}

/** What sentence-transformers opens: the model's own folder with what was written in it. @param {string} place */
async function makeSentenceTransformers(place) {
  const folder = `${place}/sentence-transformers`;
  await cp(`${place}/source`, folder, { recursive: true });
  await cp(`${place}/safetensors`, folder, { recursive: true });
  await cp(`${place}/onnx`, `${folder}/onnx`, { recursive: true });
}
