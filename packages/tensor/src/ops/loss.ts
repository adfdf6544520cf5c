import { ShapeError } from "../errors.js";
import { expectRank, expectShape } from "../shape.js";
import { differentiable } from "../tape.js";
import { Tensor } from "../tensor.js";
import { softplus } from "./activation.js";
import { multiply, scale, subtract } from "./arithmetic.js";
import { reshape } from "./reshape.js";
import { gatherRows } from "./rows.js";
import { logSoftmax } from "./softmax.js";
import { mean } from "./sum.js";
import { sigmoid } from "./unary.js";

/**
 * Mean of −log softmax(logits)[label] over the rows. logits [rows, classes], labels 0 … classes − 1 → []
 * Throws `ShapeError`, also for a label that is no class and where there are no rows.
 */
export function crossEntropy(logits: Tensor, labels: Int32Array): Tensor {
  expectRank("crossEntropy: logits", logits, 2);
  const [rows, classes] = logits.shape as readonly [number, number];
  if (labels.length !== rows) throw new ShapeError(`crossEntropy: ${labels.length} labels for ${rows} rows of logits`);
  const picked = Int32Array.from(labels, (label, row) => {
    if (!(label >= 0 && label < classes)) {
      throw new ShapeError(`crossEntropy: label ${label} of row ${row} is not one of ${classes} classes`);
    }
    return row * classes + label;
  });
  const logProbabilities = reshape(logSoftmax(logits), [rows * classes, 1]);
  return scale(mean(gatherRows(logProbabilities, Tensor.from(logits.backend, picked))), -1);
}

/**
 * Mean of −target · log σ(logit) − (1 − target) · log(1 − σ(logit)), in a form that overflows nowhere. Targets are from
 * 0 to 1. [...] and [...] → []. Throws `ShapeError`, also where there are no elements.
 */
export function binaryCrossEntropy(logits: Tensor, target: Tensor): Tensor {
  expectShape("binaryCrossEntropy: target", target, logits.shape);
  return mean(subtract(smoothSoftplus(logits), multiply(logits, target)));
}

/** Mean of the squared differences. [...] and [...] → []. Throws `ShapeError`, also where there are no elements. */
export function meanSquaredError(x: Tensor, target: Tensor): Tensor {
  expectShape("meanSquaredError: target", target, x.shape);
  const difference = subtract(x, target);
  return mean(multiply(difference, difference));
}

/** `softplus` with its slope at 0 as well, where the parts it is made of have a kink and give none. */
function smoothSoftplus(x: Tensor): Tensor {
  const y = softplus(x).viewAs(x.shape); // a view: what softplus recorded is no way back
  return differentiable(y, [x], (dy) => [multiply(dy, sigmoid(x))]);
}
