import { type FusedKernels, type Kernels, keepThreshold, plainKernels, sizeOf, type View } from "@bertkit/tensor";
import {
  attend,
  attentionMix,
  attentionMixTransposed,
  attentionScores,
  attentionSoftmax,
  attentionSoftmaxGradient,
} from "./run/attention.js";
import { binary, sumRows } from "./run/broadcast.js";
import { linear } from "./run/linear.js";
import type { Machine } from "./run/machine.js";
import { matmul } from "./run/matmul.js";
import { quantizedLinear } from "./run/quantized-linear.js";
import { unary } from "./run/unary.js";
import type { Views } from "./views.js";

type Addresses = [number, number, number, number];

/** Every required kernel: the plain ones, with the hot ones replaced. */
export function wasmKernels(machine: Machine, views: Views): Kernels {
  const { functions } = machine;
  const plain = plainKernels((view) => views.values(view));
  const placed = (view: View) => ({ address: views.address(view), shape: view.shape });
  return {
    ...plain,
    unary(kind, x, out) {
      unary(machine, kind, views.address(x), views.address(out), sizeOf(out.shape));
    },
    binary(kind, a, b, out) {
      if (!binary(machine, kind, placed(a), placed(b), placed(out))) plain.binary(kind, a, b, out);
    },
    sumTo(x, out) {
      if (!sumRows(machine, placed(x), placed(out))) plain.sumTo(x, out);
    },
    matmul(a, b, out, options) {
      matmul(machine, views.matrices(a), views.matrices(b), placed(out), options);
    },
    gatherRows(table, ids, out) {
      const [from, at, to] = [views.address(table), views.address(ids), views.address(out)];
      functions.gatherRows(from, at, to, sizeOf(ids.shape), table.shape[1]!);
    },
    gatherQuantizedRows(table, scale, ids, out) {
      const [from, factors, at, to] = [table, scale, ids, out].map((view) => views.address(view)) as Addresses;
      functions.gatherQuantizedRows(from, factors, at, to, sizeOf(ids.shape), table.shape[1]!);
    },
    quantizedLinear(x, weight, scale, bias, activation, out) {
      quantizedLinear(machine, {
        x: views.block(x),
        weight: views.levels(weight),
        scale: views.address(scale),
        bias: views.addressOrNone(bias),
        activation,
        out: views.address(out),
      });
    },
    scatterAddRows(rows, ids, out) {
      const [from, to, width] = [views.address(rows), views.address(out), out.shape[1]!];
      for (const [row, id] of views.values(ids).entries()) {
        const target = to + 4 * id * width;
        functions["binary.add"](target, from + 4 * row * width, target, width);
      }
    },
    softmax(x, out) {
      const { address, rows, columns, stride } = views.block(x);
      functions.softmax(address, views.address(out), stride, rows, columns, columns, 0, 1);
    },
    softmaxGradient(y, dy, out) {
      const { address, rows, columns } = views.block(y);
      machine.rare().softmaxGradient(address, views.address(dy), views.address(out), rows, columns);
    },
    logSoftmax(x, out) {
      const { address, rows, columns } = views.block(x);
      machine.rare().logSoftmax(address, views.address(out), rows, columns);
    },
    attentionScores(query, key, layout, scale, out) {
      attentionScores(machine, views.headed(query), views.headed(key), layout, scale, views.address(out));
    },
    attentionSoftmax(scores, layout, out) {
      attentionSoftmax(machine, views.address(scores), layout, views.address(out));
    },
    attentionSoftmaxGradient(y, dy, layout, out) {
      attentionSoftmaxGradient(machine, views.address(y), views.address(dy), layout, views.address(out));
    },
    attentionMix(weights, value, layout, out) {
      attentionMix(machine, views.address(weights), views.headed(value), layout, views.headed(out));
    },
    attentionMixTransposed(weights, x, layout, out) {
      attentionMixTransposed(machine, views.address(weights), views.headed(x), layout, views.headed(out));
    },
    dropout(x, rate, seed, out) {
      const [from, to, size] = [views.address(x), views.address(out), sizeOf(out.shape)];
      machine.rare().dropout(from, to, size, seed, keepThreshold(rate), 1 - rate);
    },
    adamw(parameter, gradient, mean, variance, { rate, beta1, beta2, epsilon, decay, count }) {
      machine
        .rare()
        .adamw(
          views.address(parameter),
          views.address(gradient),
          views.address(mean),
          views.address(variance),
          sizeOf(parameter.shape),
          beta1,
          1 - beta1,
          beta2,
          1 - beta2,
          count === 0 ? 1 : 1 / (1 - beta1 ** count),
          count === 0 ? 1 : 1 / (1 - beta2 ** count),
          epsilon,
          rate,
          decay,
        );
    },
  };
}

/** A chunk of 384 numbers each takes about 2 µs: less is not worth sharing. */
const normRowsAtOnce = 16;

/** The fused kernels: all there are. */
export function wasmFusedKernels(machine: Machine, views: Views): FusedKernels {
  const { memory } = machine;
  return {
    linear: {
      forward(x, weight, bias, activation, out) {
        linear(machine, {
          x: views.block(x),
          weight: views.matrices(weight),
          bias: views.addressOrNone(bias),
          activation,
          out: views.address(out),
        });
      },
    },
    attention: {
      forward(query, key, value, layout, scale, out) {
        const inputs = { query: views.headed(query), key: views.headed(key), value: views.headed(value) };
        attend(machine, inputs, layout, scale, views.headed(out));
      },
    },
    layerNorm: {
      forward(x, residual, weight, bias, epsilon, out) {
        const { address, rows, columns } = views.block(x);
        machine.run("layerNorm", {
          parameters: {
            x: address,
            residual: views.addressOrNone(residual),
            weight: views.address(weight),
            bias: views.address(bias),
            out: views.address(out),
            rows,
            width: columns,
            epsilon,
            rowsAtOnce: normRowsAtOnce,
          },
          chunks: Math.ceil(rows / normRowsAtOnce),
        });
      },
      backward(x, residual, weight, dy, epsilon, { dx, dWeight, dBias }) {
        const { address, rows, columns } = views.block(x);
        for (const sum of [dWeight, dBias]) memory.floats(views.address(sum), columns).fill(0);
        machine
          .rare()
          .layerNormGradient(
            address,
            views.addressOrNone(residual),
            views.address(weight),
            views.address(dy),
            views.address(dx),
            views.address(dWeight),
            views.address(dBias),
            rows,
            columns,
            epsilon,
          );
      },
    },
  };
}
