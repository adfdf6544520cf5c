import type { FusedKernels, Kernels } from "@bertkit/tensor";
import { attentionKernels } from "./kernels/attention.js";
import { broadcastKernels } from "./kernels/broadcast.js";
import { elementwiseKernels } from "./kernels/elementwise.js";
import { flashAttentionKernels } from "./kernels/flash-attention.js";
import { layerNormKernels } from "./kernels/layer-norm.js";
import { matmulKernels } from "./kernels/matmul.js";
import { quantizedKernels } from "./kernels/quantized.js";
import { rowKernels } from "./kernels/rows.js";
import { softmaxKernels } from "./kernels/softmax.js";
import { sumKernels } from "./kernels/sum.js";
import type { Machine } from "./machine.js";

/** Every required kernel, and the fused ones. */
export function gpuKernels(machine: Machine): { readonly kernels: Kernels; readonly fused: FusedKernels } {
  const { matmul, linear } = matmulKernels(machine);
  return {
    kernels: {
      ...elementwiseKernels(machine),
      ...broadcastKernels(machine),
      ...sumKernels(machine),
      matmul,
      ...rowKernels(machine),
      ...quantizedKernels(machine),
      ...softmaxKernels(machine),
      ...attentionKernels(machine),
    },
    fused: { linear, ...flashAttentionKernels(machine), ...layerNormKernels(machine) },
  };
}
