import { readFile } from "node:fs/promises";
import { bertFamily } from "@bertkit/bert-model";
import { openCheckpoint } from "@bertkit/checkpoint";
import { headSettingsFromHuggingFace, loadEncoder } from "@bertkit/encoder-family";
import { SentenceEmbedding } from "@bertkit/heads";
import { openReference } from "@bertkit/tensor";
import { headKinds, loadHead } from "./heads.js";
import { inputs, packed, perSequence } from "./inputs.js";

/** @import { EncoderOutput } from "@bertkit/layers" */
/** @import { Backend, Tensor } from "@bertkit/tensor" */
/** @import { Precision } from "@bertkit/encoder-family" */
/** @typedef {Awaited<ReturnType<typeof loadModel>>} Model */

// What the sentence encoder of tooling/fixtures does after its encoder.
const sentence = { poolings: /** @type {const} */ (["mean"]), stages: /** @type {const} */ (["normalize"]) };

/**
 * What the model of a folder answers here to `inputs`: each output's numbers for each sequence, as transformers and our
 * ONNX models name them.
 *
 * @param {string} folder
 * @param {Precision} precision
 */
export async function answersOf(folder, precision) {
  const backend = openReference();
  try {
    const model = await loadModel(folder, precision, backend);
    return { architecture: model.architecture, answers: await answers(model) };
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
    const head = kind && (await loadHead(kind, bert, source, { backend, labels, choices: inputs.input_ids.length }));
    return { architecture, bert, kind, head };
  } finally {
    await source.close();
  }
}

/** @param {Model} model */
async function answers({ bert, kind, head }) {
  const tokens = inputs.input_ids.flat().length;
  const encoded = bert.forward(packed());
  const outputs = kind ? kind.outputs(head, encoded) : encoderOutputs(encoded);
  const found = {};
  for (const [names, output] of Object.entries(outputs)) {
    Object.assign(found, perSequence(names, await output.read(), output.shape[0] === tokens));
  }
  return found;
}

/** @param {EncoderOutput} encoded @returns {Record<string, Tensor>} */
const encoderOutputs = (encoded) => ({
  last_hidden_state: encoded.hidden,
  ...(encoded.pooled && { pooler_output: encoded.pooled }),
  sentence_embedding: new SentenceEmbedding(sentence).forward(encoded),
});
