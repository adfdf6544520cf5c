import { writeFile } from "node:fs/promises";
import { convertModel } from "bertkit";
import { inputs } from "./inputs.js";
import { answersOf } from "./our-answers.js";

/** @import { ConvertModelOptions } from "bertkit" */

/** What a model is converted to, by the folder it goes into. @type {Readonly<Record<string, ConvertModelOptions>>} */
const conversions = {
  safetensors: {},
  tensorflow: { to: "tensorflow" },
  onnx: { to: "onnx" },
  "onnx-int8": { to: "onnx", precision: "int8" },
};

/** Classes of transformers whose heads google-research/bert has not. */
const unknownToGoogle = ["BertForTokenClassification", "BertForMultipleChoice"];

/**
 * Converts the model in `source` to safetensors, a TensorFlow checkpoint and ONNX, float32 and int8, each in a folder
 * of `folder`, and writes what it answers here to `inputs` into `expected.json`. Throws where a conversion fails that
 * should not, or the reverse.
 *
 * @param {string} source
 * @param {string} folder
 */
export async function writeModel(source, folder) {
  const { architecture, answers: float32 } = await answersOf(source, "float32");
  const { answers: int8 } = await answersOf(source, "int8");
  for (const [name, options] of Object.entries(conversions)) {
    const isRefused = options.to === "tensorflow" && unknownToGoogle.includes(architecture);
    const conversion = convertModel(source, `${folder}/${name}`, options);
    await (isRefused ? expectRefusal(conversion, "google-research/bert has no") : conversion);
  }
  await writeFile(`${folder}/expected.json`, JSON.stringify({ architecture, inputs, float32, int8 }));
}

/**
 * @param {Promise<unknown>} conversion
 * @param {string} reason
 */
async function expectRefusal(conversion, reason) {
  const said = await conversion.then(
    () => "nothing",
    (error) => String(error),
  );
  if (!said.includes(reason))
    throw new Error(`a conversion should be refused, as ${reason} such head; it said ${said}`);
}
