import { type Kernels, sizeOf } from "@bertkit/tensor";
import type { Block } from "../device/block-pool.js";
import type { Machine } from "../machine.js";
import { shader } from "../wgsl/shader.js";
import { broadcastStrides, joined } from "../wgsl/strides.js";
import { copyWords } from "./copy.js";

/** A block seen as [outer, count, inner], of which `count` goes. */
export interface Layers {
  readonly outer: number;
  readonly count: number;
  readonly inner: number;
}

/** Sums, each in an order that its own length decides. */
export function sumKernels(machine: Machine): Pick<Kernels, "sumTo"> {
  return {
    sumTo(x, out) {
      const strides = [broadcastStrides(out.shape, x.shape), broadcastStrides(x.shape, x.shape)];
      const { extents, strides: moves } = joined({ extents: x.shape, strides });
      sumAxes(machine, machine.dense(x), extents, moves[0]!, machine.dense(out));
    },
  };
}

/** Sums the axes that do not move in `out`, the last one first. */
function sumAxes(machine: Machine, x: Block, extents: readonly number[], moves: readonly number[], out: Block): void {
  const axis = moves.lastIndexOf(0);
  if (axis < 0) {
    copyWords(machine, x, out, { from: 0, to: 0, count: sizeOf(extents) });
    return;
  }
  const layers = {
    outer: sizeOf(extents.slice(0, axis)),
    count: extents[axis]!,
    inner: sizeOf(extents.slice(axis + 1)),
  };
  const isLast = moves.indexOf(0) === axis;
  if (isLast) {
    sumLayers(machine, x, layers, out);
    return;
  }
  using partial = machine.scratch(layers.outer * layers.inner);
  sumLayers(machine, x, layers, partial.block);
  const without = (values: readonly number[]) => values.filter((_, i) => i !== axis);
  sumAxes(machine, partial.block, without(extents), without(moves), out);
}

/** Layers that one invocation sums; longer sums are sums of sums. */
const atOnce = 64;

/** x [outer, count, inner] → out [outer, inner] */
export function sumLayers(machine: Machine, x: Block, { outer, count, inner }: Layers, out: Block): void {
  const chunks = Math.max(1, Math.ceil(count / atOnce));
  const size = outer * chunks * inner;
  if (chunks === 1) {
    machine.runEach(layersShader, { x, out }, { size, count, chunks: 1, inner });
    return;
  }
  using partial = machine.scratch(size);
  machine.runEach(layersShader, { x, out: partial.block }, { size, count, chunks, inner });
  sumLayers(machine, partial.block, { outer, count: chunks, inner }, out);
}

const threads = 64;

const layersShader = shader({
  name: "sum",
  threads,
  reads: { x: "f32" },
  writes: { out: "f32" },
  parameters: { size: "u32", count: "u32", chunks: "u32", inner: "u32" },
  body: `  let i = group * ${threads}u + lane;
  if (i >= p.size) { return; }
  let column = i % p.inner;
  let chunk = (i / p.inner) % p.chunks;
  let block = i / (p.inner * p.chunks);
  var sum = 0.0;
  for (var layer = ${atOnce}u * chunk; layer < min(p.count, ${atOnce}u * (chunk + 1u)); layer++) {
    sum += x[(block * p.count + layer) * p.inner + column];
  }
  out[i] = sum;`,
});
