import { type Kernels, type UnaryKind, UnsupportedError, type View } from "@bertkit/tensor";
import type { Block } from "../device/block-pool.js";
import type { Machine } from "../machine.js";
import { activate } from "../wgsl/functions.js";
import { reductions } from "../wgsl/reduce.js";
import { remembered } from "../wgsl/remembered.js";
import { shader } from "../wgsl/shader.js";
import { divideExactly } from "./exact-division.js";

/** Linear maps in whole numbers. */
export function quantizedKernels(machine: Machine): Pick<Kernels, "quantizedLinear"> {
  const product = remembered(productShader);
  const multiply = (weight: Block, x: View, scale: View, bias: View | undefined, rest: Rest): void => {
    const { inputs, outputs, activation, out } = rest;
    const rows = x.shape[0]!;
    const words = Math.ceil(inputs / 4);
    using levels = machine.scratch(rows * words);
    using ranges = machine.scratch(3 * rows);
    machine.run(
      levelsShader,
      { x: machine.dense(x), levels: levels.block, ranges: ranges.block },
      { inputs, words },
      rows,
    );
    const factors = machine.dense(scale);
    machine.runEach(
      product(bias !== undefined, activation),
      {
        ...{ levels: levels.block, ranges: ranges.block, weight, scale: factors },
        ...{ bias: bias ? machine.dense(bias) : factors, out: machine.dense(out) },
      },
      { size: rows * outputs, outputs, words, sums: outputs * words, nan: notANumber },
    );
  };
  return {
    quantizedLinear(x, weight, scale, bias, activation, out) {
      const [outputs, inputs] = weight.shape as readonly [number, number];
      const { block, prepared, dtype } = machine.open(weight.buffer);
      if (dtype !== "int8")
        throw new UnsupportedError(`gpu backend: quantizedLinear takes an int8 weight, got ${dtype}`);
      const rest = { inputs, outputs, activation, out };
      if (prepared) {
        multiply(block, x, scale, bias, rest);
        return;
      }
      using packed = machine.scratch(packedWords(outputs, inputs));
      packLevels(machine, block, { outputs, inputs }, packed.block);
      multiply(packed.block, x, scale, bias, rest);
    },
  };
}

interface Rest {
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: UnaryKind | undefined;
  readonly out: View;
}

interface Extents {
  readonly outputs: number;
  readonly inputs: number;
}

/** Words of a packed int8 weight: each row filled up to whole words, then the sum of each row. */
export const packedWords = (outputs: number, inputs: number): number => outputs * (Math.ceil(inputs / 4) + 1);

/** From dense bytes to the packed form. */
export function packLevels(machine: Machine, dense: Block, { outputs, inputs }: Extents, packed: Block): void {
  const words = Math.ceil(inputs / 4);
  machine.runEach(packShader, { dense, packed }, { size: outputs, inputs, words });
}

/** From the packed form to dense bytes. */
export function unpackLevels(machine: Machine, packed: Block, { outputs, inputs }: Extents, dense: Block): void {
  const bytes = outputs * inputs;
  machine.runEach(
    unpackShader,
    { packed, dense },
    { size: Math.ceil(bytes / 4), inputs, words: Math.ceil(inputs / 4), bytes },
  );
}

const threads = 64;
const ownElement = `  let i = group * ${threads}u + lane;
  if (i >= p.size) { return; }`;

const packShader = shader({
  name: "pack levels",
  threads,
  reads: { dense: "i32" },
  writes: { packed: "i32" },
  parameters: { size: "u32", inputs: "u32", words: "u32" },
  body: `${ownElement}
  var sum = 0;
  for (var word = 0u; word < p.words; word++) {
    var value = 0;
    for (var byte = 0u; byte < min(4u, p.inputs - 4u * word); byte++) {
      let at = i * p.inputs + 4u * word + byte;
      let level = extractBits(dense[at / 4u], 8u * (at % 4u), 8u);
      sum += level;
      value = insertBits(value, level, 8u * byte, 8u);
    }
    packed[i * p.words + word] = value;
  }
  packed[p.size * p.words + i] = sum;`,
});

const unpackShader = shader({
  name: "unpack levels",
  threads,
  reads: { packed: "u32" },
  writes: { dense: "u32" },
  parameters: { size: "u32", inputs: "u32", words: "u32", bytes: "u32" },
  body: `${ownElement}
  var value = 0u;
  for (var byte = 0u; byte < min(4u, p.bytes - 4u * i); byte++) {
    let at = 4u * i + byte;
    let column = at % p.inputs;
    let level = extractBits(packed[at / p.inputs * p.words + column / 4u], 8u * (column % 4u), 8u);
    value = insertBits(value, level, 8u * byte, 8u);
  }
  dense[i] = value;`,
});

/** The bits of NaN: WGSL has no constant for it. */
const notANumber = 0x7fc00000;

// A workgroup has a row of x. `ranges` gets its step, its level of 0, and 1 where it holds a NaN or an infinity.
// Numbers are tested by their bits, since shaders may take it that there are no such numbers. Levels are stored less
// 128.
const levelsShader = shader({
  name: "levels",
  threads,
  reads: { x: "f32" },
  writes: { levels: "u32", ranges: "f32" },
  parameters: { inputs: "u32", words: "u32" },
  declarations: `${reductions(threads)}${divideExactly}`,
  body: `  let row = group * p.inputs;
  var ownLow = 0.0;
  var ownHigh = 0.0;
  var ownBad = 0.0;
  for (var i = lane; i < p.inputs; i += ${threads}u) {
    let value = x[row + i];
    ownLow = min(ownLow, value);
    ownHigh = max(ownHigh, value);
    if ((bitcast<u32>(value) & 0x7f800000u) == 0x7f800000u) { ownBad = 1.0; }
  }
  let low = -maxOfGroup(lane, -ownLow);
  let high = maxOfGroup(lane, ownHigh);
  let range = bitcast<u32>(high - low);
  let bad = max(maxOfGroup(lane, ownBad), select(0.0, 1.0, range >= infinity));
  let stepBits = divideExactly(range, bitcast<u32>(255.0f));
  let inverseBits = divideExactly(bitcast<u32>(1.0f), stepBits);
  let flat = inverseBits == infinity || bad > 0.0;
  let inverse = select(bitcast<f32>(inverseBits), 0.0, flat);
  let zero = round(-low * inverse);
  if (lane == 0u) {
    ranges[3u * group] = select(bitcast<f32>(stepBits), 0.0, flat);
    ranges[3u * group + 1u] = zero;
    ranges[3u * group + 2u] = bad;
  }
  for (var word = lane; word < p.words; word += ${threads}u) {
    var value = 0u;
    for (var byte = 0u; byte < min(4u, p.inputs - 4u * word); byte++) {
      let level = clamp(round(x[row + 4u * word + byte] * inverse) + zero, 0.0, 255.0);
      value = insertBits(value, u32(i32(level) - 128), 8u * byte, 8u);
    }
    levels[group * p.words + word] = value;
  }`,
});

// A row's levels are stored less 128, and those past its end are 0 times a weight of 0.
const productShader = (hasBias: boolean, activation: UnaryKind | undefined) =>
  shader({
    name: "quantizedLinear",
    threads,
    reads: { levels: "i32", ranges: "f32", weight: "i32", scale: "f32", bias: "f32" },
    writes: { out: "f32" },
    parameters: { size: "u32", outputs: "u32", words: "u32", sums: "u32", nan: "u32" },
    declarations: `${activate(activation)}
fn dot4(a: i32, b: i32) -> i32 {
  return extractBits(a, 0u, 8u) * extractBits(b, 0u, 8u) + extractBits(a, 8u, 8u) * extractBits(b, 8u, 8u)
    + extractBits(a, 16u, 8u) * extractBits(b, 16u, 8u) + extractBits(a, 24u, 8u) * extractBits(b, 24u, 8u);
}`,
    body: `${ownElement}
  let row = i / p.outputs;
  let output = i % p.outputs;
  var total = 0;
  for (var word = 0u; word < p.words; word++) {
    total += dot4(levels[row * p.words + word], weight[output * p.words + word]);
  }
  total += (128 - i32(ranges[3u * row + 1u])) * weight[p.sums + output];
  let value = f32(total) * (ranges[3u * row] * scale[output])${hasBias ? " + bias[output]" : ""};
  out[i] = select(activate(value), bitcast<f32>(p.nan), ranges[3u * row + 2u] > 0.0);`,
  });
