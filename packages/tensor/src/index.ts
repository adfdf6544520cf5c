export { type AttentionBlock, attentionBlocks } from "./attention-blocks.js";
export type {
  AdamwStep,
  AttentionLayout,
  Backend,
  BinaryKind,
  Buffer,
  CustomKernel,
  DType,
  Fused,
  FusedKernels,
  KernelDefinition,
  KernelFunction,
  Kernels,
  KernelThread,
  MatmulOptions,
  UnaryKind,
  Values,
  View,
  WeightUse,
} from "./backend.js";
export { DisposedError, ShapeError, UnsupportedError } from "./errors.js";
export {
  type Activation,
  identity,
  leakyRelu,
  mish,
  quickGelu,
  relu6,
  reluSquared,
  silu,
  softplus,
} from "./ops/activation.js";
export { adamw, type Moments } from "./ops/adamw.js";
export { add, addScalar, divide, multiply, scale, subtract } from "./ops/arithmetic.js";
export {
  type AttentionOptions,
  attention,
  attentionMix,
  attentionScores,
  attentionSoftmax,
  weightsIn,
} from "./ops/attention.js";
export { full, ones, zeros } from "./ops/create.js";
export { type CustomOp, defineKernel } from "./ops/custom.js";
export { dropout } from "./ops/dropout.js";
export { type LayerNormOptions, layerNorm, layerNormComposed } from "./ops/layer-norm.js";
export { linear } from "./ops/linear.js";
export { binaryCrossEntropy, crossEntropy, meanSquaredError } from "./ops/loss.js";
export { matmul } from "./ops/matmul.js";
export { gatherQuantizedRows, quantizedLinear } from "./ops/quantized.js";
export { permute, reshape, transpose } from "./ops/reshape.js";
export { concatRows, gatherRows, scatterAddRows, sliceRows } from "./ops/rows.js";
export { segmentMax, segmentMean, segmentSum } from "./ops/segments.js";
export { logSoftmax, softmax } from "./ops/softmax.js";
export { mean, meanOfLast, sum, sumTo } from "./ops/sum.js";
export { erf, exp, gelu, geluTanh, log, negate, reciprocal, relu, sigmoid, sqrt, tanh } from "./ops/unary.js";
export { unitLength } from "./ops/unit-length.js";
export { constant, type Initializer, normal, Parameter, type ParameterOptions, truncatedNormal } from "./parameter.js";
export { largestLevels, type QuantizedRows, quantizeRows, quantizeRowsInto } from "./quantize-rows.js";
export { hash, keeps, keepThreshold, RandomStream } from "./random.js";
export { plainCustomKernel } from "./reference/custom-kernel.js";
export { openReference, type ReferenceOptions } from "./reference/open-reference.js";
export { plainKernels } from "./reference/plain-kernels.js";
export { broadcastShapes, expectRank, expectShape, type Shape, sameShape, showShape, sizeOf } from "./shape.js";
export { differentiable, type Gradient, type LossAndGradients, lossAndGradients, needsGradient } from "./tape.js";
export { Tensor } from "./tensor.js";
export { tidy } from "./tidy.js";
