import { type Kernels, sizeOf } from "@bertkit/tensor";
import type { Machine } from "../machine.js";
import { shader } from "../wgsl/shader.js";

/** Kernels that pick rows, or send them somewhere. */
export function rowKernels(
  machine: Machine,
): Pick<Kernels, "gatherRows" | "gatherQuantizedRows" | "scatterAddRows" | "segmentArgmax"> {
  return {
    gatherRows(table, ids, out) {
      const { dtype } = table;
      machine.runEach(
        gatherShader,
        {
          table: machine.dense(table, dtype === "int32" ? dtype : "float32"),
          ids: machine.dense(ids, "int32"),
          out: machine.dense(out, dtype),
        },
        { size: sizeOf(out.shape), width: table.shape[1]! },
      );
    },
    gatherQuantizedRows(table, scale, ids, out) {
      machine.runEach(
        gatherQuantizedShader,
        {
          table: machine.dense(table, "int8"),
          scale: machine.dense(scale),
          ids: machine.dense(ids, "int32"),
          out: machine.dense(out),
        },
        { size: sizeOf(out.shape), width: table.shape[1]! },
      );
    },
    scatterAddRows(rows, ids, out) {
      const [count, width] = [sizeOf(ids.shape), out.shape[1]!];
      machine.run(
        scatterShader,
        { rows: machine.dense(rows), ids: machine.dense(ids, "int32"), out: machine.dense(out) },
        { count, width },
        width === 0 ? 0 : count,
      );
    },
    segmentArgmax(x, offsets, out) {
      machine.runEach(
        argmaxShader,
        { x: machine.dense(x), offsets, out: machine.dense(out, "int32") },
        { size: sizeOf(out.shape), width: x.shape[1]! },
      );
    },
  };
}

const threads = 64;
const ownElement = `  let i = group * ${threads}u + lane;
  if (i >= p.size) { return; }`;

const gatherShader = shader({
  name: "gatherRows",
  threads,
  reads: { table: "u32", ids: "u32" },
  writes: { out: "u32" },
  parameters: { size: "u32", width: "u32" },
  body: `${ownElement}
  out[i] = table[ids[i / p.width] * p.width + i % p.width];`,
});

const gatherQuantizedShader = shader({
  name: "gatherQuantizedRows",
  threads,
  reads: { table: "i32", scale: "f32", ids: "u32" },
  writes: { out: "f32" },
  parameters: { size: "u32", width: "u32" },
  body: `${ownElement}
  let id = ids[i / p.width];
  let at = id * p.width + i % p.width;
  out[i] = f32(extractBits(table[at / 4u], 8u * (at % 4u), 8u)) * scale[id];`,
});

// A workgroup has a row. That of the first row with an id adds all rows with it, in their order; the others rest.
const scatterShader = shader({
  name: "scatterAddRows",
  threads,
  reads: { rows: "f32", ids: "u32" },
  writes: { out: "f32" },
  parameters: { count: "u32", width: "u32" },
  declarations: "var<workgroup> seenBefore: atomic<u32>;",
  body: `  let id = ids[group];
  for (var before = lane; before < group; before += ${threads}u) {
    if (ids[before] == id) { atomicStore(&seenBefore, 1u); }
  }
  workgroupBarrier();
  if (atomicLoad(&seenBefore) == 1u) { return; }
  for (var column = lane; column < p.width; column += ${threads}u) {
    var sum = out[id * p.width + column];
    for (var row = group; row < p.count; row++) {
      if (ids[row] == id) { sum += rows[row * p.width + column]; }
    }
    out[id * p.width + column] = sum;
  }`,
});

const argmaxShader = shader({
  name: "segmentArgmax",
  threads,
  reads: { x: "f32", offsets: "u32" },
  writes: { out: "i32" },
  parameters: { size: "u32", width: "u32" },
  body: `${ownElement}
  let segment = i / p.width;
  var best = -1;
  var top = 0.0;
  for (var row = offsets[segment]; row < offsets[segment + 1u]; row++) {
    let at = row * p.width + i % p.width;
    if (best < 0 || x[at] > top) {
      best = i32(at);
      top = x[at];
    }
  }
  out[i] = best;`,
});
