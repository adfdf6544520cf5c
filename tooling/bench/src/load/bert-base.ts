import { join } from "node:path";
import { type LazyArray, writeSafetensors, writeTensorFlow } from "@bertkit/checkpoint";

const [vocabulary, width, innerWidth, layers, positions] = [30522, 768, 3072, 12, 512];

/** `config.json` of BERT-base. */
export const bertBaseConfig = {
  model_type: "bert",
  ...{ vocab_size: vocabulary, hidden_size: width, intermediate_size: innerWidth, num_hidden_layers: layers },
  ...{ num_attention_heads: 12, max_position_embeddings: positions, type_vocab_size: 2, hidden_act: "gelu" },
};

/** `vocab.txt` of its size. */
export const bertBaseVocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
  .concat(Array.from({ length: vocabulary - 5 }, (_, i) => `word${i}`))
  .join("\n");

/** Writes random weights of BERT-base in Hugging Face's names. */
export function writeBertBase(folder: string): Promise<void> {
  const arrays = bertBaseShapes().map(([name, shape]) => randomArray(name, shape));
  return writeSafetensors(join(folder, "model.safetensors"), arrays, { metadata: { format: "pt" } });
}

/** The same in Google's names, kernels [in, out]. */
export function writeGoogleBertBase(folder: string): Promise<void> {
  const arrays = bertBaseShapes().map(([theirs, shape]) => {
    const name = googleName(theirs);
    return randomArray(name, name.endsWith("/kernel") ? [...shape].reverse() : shape);
  });
  return writeTensorFlow(join(folder, "bert_model.ckpt"), arrays);
}

const googleName = (name: string): string =>
  `bert.${name}`
    .replace("LayerNorm.weight", "LayerNorm.gamma")
    .replace("LayerNorm.bias", "LayerNorm.beta")
    .replace("_embeddings.weight", "_embeddings")
    .replace(/\.weight$/, ".kernel")
    .replace(/layer\.(\d+)/, "layer_$1")
    .replaceAll(".", "/");

type Shapes = [name: string, shape: readonly number[]][];

function bertBaseShapes(): Shapes {
  const tables = Object.entries({ word: vocabulary, position: positions, token_type: 2 });
  return [
    ...tables.map(([name, rows]): Shapes[0] => [`embeddings.${name}_embeddings.weight`, [rows, width]]),
    ...norm("embeddings.LayerNorm"),
    ...Array.from({ length: layers }, (_, i) => layer(`encoder.layer.${i}`)).flat(),
    ...linear("pooler.dense", width, width),
  ];
}

function layer(path: string): Shapes {
  const maps = ["self.query", "self.key", "self.value", "output.dense"];
  return [
    ...maps.flatMap((map) => linear(`${path}.attention.${map}`, width, width)),
    ...norm(`${path}.attention.output.LayerNorm`),
    ...linear(`${path}.intermediate.dense`, innerWidth, width),
    ...linear(`${path}.output.dense`, width, innerWidth),
    ...norm(`${path}.output.LayerNorm`),
  ];
}

const linear = (path: string, outputs: number, inputs: number): Shapes => [
  [`${path}.weight`, [outputs, inputs]],
  [`${path}.bias`, [outputs]],
];

const norm = (path: string): Shapes => [
  [`${path}.weight`, [width]],
  [`${path}.bias`, [width]],
];

function randomArray(name: string, shape: readonly number[]): LazyArray {
  const values = () => {
    const all = new Float32Array(shape.reduce((product, extent) => product * extent, 1));
    for (let i = 0; i < all.length; i++) all[i] = 0.04 * (Math.random() - 0.5);
    return all;
  };
  return { name, shape, dtype: "float32", values };
}
