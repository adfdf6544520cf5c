import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { bertFamily, huggingFaceRows } from "@bertkit/bert-model";
import { openCheckpoint, writeSafetensors, writeTensorFlow } from "@bertkit/checkpoint";
import { headSettingsFromHuggingFace, loadEncoder } from "@bertkit/encoder-family";
import { SentenceEmbedding } from "@bertkit/heads";
import { namedArrays, nameTable } from "@bertkit/layers";
import { writeOnnx } from "@bertkit/onnx";
import { openReference } from "@bertkit/tensor";
import { googleArrays } from "./google-arrays.js";
import { headKinds, loadHead } from "./heads.js";
import { inputs, packed, perSequence } from "./inputs.js";

/** @import { Backend } from "@bertkit/tensor" */
/** @import { Precision } from "@bertkit/encoder-family" */
/** @import { OnnxHead } from "@bertkit/onnx" */
/** @typedef {Awaited<ReturnType<typeof loadModel>>} Model */

// What the sentence encoder of tooling/fixtures does after its encoder.
const sentence = { poolings: /** @type {const} */ (["mean"]), stages: /** @type {const} */ (["normalize"]) };

/**
 * Writes the model in `source` as safetensors, TensorFlow checkpoint and ONNX, float32 and int8, into folders of these
 * names, and what it answers here to `inputs` into `expected.json`.
 *
 * @param {string} source
 * @param {string} folder
 */
export async function writeModel(source, folder) {
  const backend = openReference();
  try {
    const model = await loadModel(source, "float32", backend);
    const quantized = await loadModel(source, "int8", backend);
    const { architecture, bert } = model;
    const metadata = { format: "pt" };
    await writeSafetensors(`${await made(folder, "safetensors")}/model.safetensors`, arraysOf(model), { metadata });
    await copyFile(`${source}/config.json`, `${folder}/safetensors/config.json`);
    await writeTensorFlow(`${await made(folder, "tensorflow")}/bert_model.ckpt`, googleArrays(bert));
    await writeOnnx(`${await made(folder, "onnx")}/model.onnx`, bert, { head: onnxHead(model) });
    await writeOnnx(`${folder}/onnx/model_quantized.onnx`, quantized.bert, { head: onnxHead(quantized) });
    const expected = { architecture, inputs, float32: await answers(model), int8: await answers(quantized) };
    await writeFile(`${folder}/expected.json`, JSON.stringify(expected));
  } finally {
    backend[Symbol.dispose]();
  }
}

/**
 * @param {string} folder
 * @param {Precision} precision
 * @param {Backend} backend
 */
async function loadModel(folder, precision, backend) {
  const json = JSON.parse(await readFile(`${folder}/config.json`, "utf8"));
  const config = bertFamily.configFromHuggingFace(json);
  const architecture = json.architectures[0];
  const source = await openCheckpoint(`${folder}/model.safetensors`);
  try {
    const { encoder: bert } = await loadEncoder(bertFamily, source, config, backend, { precision });
    const { labels } = headSettingsFromHuggingFace(json);
    const kind = headKinds[architecture];
    const options = { backend, labels, choices: inputs.input_ids.length };
    return { architecture, bert, kind, ...(kind && (await loadHead(kind, bert, source, options))) };
  } finally {
    await source.close();
  }
}

/**
 * What a model answers here: each output's numbers for each sequence.
 *
 * @param {Model} model
 */
async function answers({ bert, kind, head }) {
  const tokens = inputs.input_ids.flat().length;
  const encoded = bert.forward(packed());
  const outputs = kind
    ? kind.outputs(head, encoded)
    : { last_hidden_state: encoded.hidden, sentence_embedding: new SentenceEmbedding(sentence).forward(encoded) };
  const found = {};
  for (const [names, output] of Object.entries(outputs)) {
    Object.assign(found, perSequence(names, await output.read(), output.shape[0] === tokens));
  }
  return found;
}

/** @param {Model} model @returns {OnnxHead} */
const onnxHead = ({ head }) => head ?? new SentenceEmbedding(sentence);

/** A whole model as transformers names it. @param {Model} model */
function arraysOf({ bert, head, names }) {
  const encoder = namedArrays(bert, nameTable(huggingFaceRows, head ? "bert." : ""));
  return [...encoder, ...(head ? namedArrays(head, names) : [])];
}

/** @param {string} folder @param {string} name */
async function made(folder, name) {
  const path = `${folder}/${name}`;
  await mkdir(path, { recursive: true });
  return path;
}
