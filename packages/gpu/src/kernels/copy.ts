import type { Block } from "../device/block-pool.js";
import type { ShaderArray } from "../device/recorder.js";
import type { Machine } from "../machine.js";
import { shader } from "../wgsl/shader.js";

/** A stretch of elements: `count` of them, from element `from` of one array to element `to` of another. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Copies elements of 32 bits. */
export function copyWords(machine: Machine, x: ShaderArray, out: Block, { from, to, count }: Stretch): void {
  machine.runEach(wordsShader, { x, out }, { size: count, readAt: from, writeAt: to });
}

/** Copies elements of 8 bits, which may begin and end inside a word. */
export function copyBytes(machine: Machine, x: ShaderArray, out: Block, { from, to, count }: Stretch): void {
  const firstWord = Math.floor(to / 4);
  const size = count === 0 ? 0 : Math.ceil((to + count) / 4) - firstWord;
  machine.runEach(bytesShader, { x, out }, { size, firstWord, readAt: from, writeAt: to, end: to + count });
}

const threads = 256;

const wordsShader = shader({
  name: "copy",
  threads,
  reads: { x: "u32" },
  writes: { out: "u32" },
  parameters: { size: "u32", readAt: "u32", writeAt: "u32" },
  body: `  let i = group * ${threads}u + lane;
  if (i >= p.size) { return; }
  out[p.writeAt + i] = x[p.readAt + i];`,
});

// An invocation owns a word of `out`, so that no two write the same one.
const bytesShader = shader({
  name: "copy bytes",
  threads,
  reads: { x: "u32" },
  writes: { out: "u32" },
  parameters: { size: "u32", firstWord: "u32", readAt: "u32", writeAt: "u32", end: "u32" },
  body: `  let i = group * ${threads}u + lane;
  if (i >= p.size) { return; }
  let word = p.firstWord + i;
  var value = out[word];
  for (var byte = 0u; byte < 4u; byte++) {
    let at = 4u * word + byte;
    if (at < p.writeAt || at >= p.end) { continue; }
    let readFrom = p.readAt + at - p.writeAt;
    value = insertBits(value, extractBits(x[readFrom / 4u], 8u * (readFrom % 4u), 8u), 8u * byte, 8u);
  }
  out[word] = value;`,
});
