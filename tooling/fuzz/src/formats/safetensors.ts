import type { Random } from "../random.js";
import { assemble, little, utf8 } from "./assemble.js";
import { anyName, anyShape, elementsOf, namesOf } from "./names.js";

const types: readonly (readonly [spelled: string, bits: number])[] = [
  ["F32", 32],
  ["F16", 16],
  ["BF16", 16],
  ["F64", 64],
  ["I64", 64],
  ["U64", 64],
  ["I32", 32],
  ["U8", 8],
  ["BOOL", 8],
  ["F4", 4],
  ["F8_E4M3", 8],
  ["C64", 64],
];
const mostData = 2 ** 12;

/** A safetensors file whose header may lie. */
export function safetensorsFile(random: Random, names = namesOf(random.below(5), random)): Uint8Array {
  let end = 0;
  const members = names.map((name) => {
    const [spelled, bits] = random.pick(types);
    const shape = anyShape(random);
    const begin = end;
    end += Math.ceil((elementsOf(shape) * bits) / 8);
    const offsets = [random.count(begin), random.count(end)];
    const fields = {
      dtype: random.orWrong<unknown>(spelled, () => anyJson(random, 2)),
      shape: random.orWrong<unknown>(shape, () => anyJson(random, 2)),
      data_offsets: random.orWrong<unknown>(offsets, () => anyJson(random, 2)),
    };
    return [JSON.stringify(name), jsonText(fields, random)].join(":");
  });
  if (random.chance(0.3)) members.push(`"__metadata__":${random.orWrong('{"format":"pt"}', () => deepJson(random))}`);
  const header = utf8(random.orWrong(`{${members.join(",")}}`, () => `{${members.join(",")},}`));
  const data = new Uint8Array(Math.min(random.count(end), mostData));
  return assemble(little(random.count(header.length), 8), header, data);
}

/** Any value that JSON can have. */
export function anyJson(random: Random, depth: number): unknown {
  const leaf = () => random.pick<unknown>([null, true, -1, 1.5, Number(random.extreme()), anyName(random), 1e308]);
  if (depth === 0 || random.chance(0.4)) return leaf();
  if (random.chance(0.5)) return random.several(random.below(4), () => anyJson(random, depth - 1));
  return Object.fromEntries(random.several(random.below(4), () => [anyName(random), anyJson(random, depth - 1)]));
}

/** A value as JSON, whose numbers and escapes may be spelled as no writer would. */
export function jsonText(value: unknown, random: Random): string {
  const text = JSON.stringify(value);
  return random.orWrong(text, () => {
    const spelling = random.pick(["1e400", "-0", "01", "1.", "NaN", "9".repeat(400), '"\\ud800"', '"\\u0000"']);
    return text.replace(/\d+/, spelling);
  });
}

function deepJson(random: Random): string {
  const depth = random.pick([1, 100, 20_000]);
  return "[".repeat(depth) + "]".repeat(random.count(depth) === depth ? depth : 0);
}
