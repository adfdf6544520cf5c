import type { NameRow } from "@bertkit/layers";
import { huggingFaceRows } from "./hugging-face.js";

/**
 * How Google's TensorFlow checkpoints spell a BERT's parameters (google-research/bert, modeling.py): slashes, layer_N,
 * gamma and beta, and kernels that are [inputs, outputs].
 */
export const googleRows: readonly NameRow[] = huggingFaceRows.flatMap(([ours, theirs]): NameRow[] => {
  const part = `bert/${theirs.replace("layer.#", "layer_#").replaceAll(".", "/")}`;
  if (theirs.endsWith("_embeddings")) return [[`${ours}.weight`, part]];
  if (theirs.endsWith("LayerNorm")) {
    return [
      [`${ours}.weight`, `${part}/gamma`],
      [`${ours}.bias`, `${part}/beta`],
    ];
  }
  return [
    [`${ours}.weight`, `${part}/kernel`, "transposed"],
    [`${ours}.bias`, `${part}/bias`],
  ];
});
