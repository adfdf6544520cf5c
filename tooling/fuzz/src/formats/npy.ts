import { mutate } from "../mutate.js";
import type { Random } from "../random.js";
import { assemble, little, utf8 } from "./assemble.js";
import { anyShape, elementsOf } from "./names.js";

const types: readonly (readonly [code: string, bytes: number])[] = [
  ["<f4", 4],
  [">f4", 4],
  ["<f2", 2],
  ["<f8", 8],
  [">f8", 8],
  ["<i8", 8],
  [">i4", 4],
  ["|u1", 1],
  ["|b1", 1],
  ["<u8", 8],
];
const odd = ["'|O'", "'<c8'", "'<U3'", "'<M8[ns]'", "[('a', '<f4')]", "'<f3'", "None", "''", "7", "'f4'", "[[[[[]]]]]"];
const mostData = 2 ** 12;

/** A `.npy` file whose header may lie. */
export function npyFile(random: Random): Uint8Array {
  const [code, bytes] = random.pick(types);
  const shape = anyShape(random);
  const version = random.orWrong(random.pick([1, 2, 3]), () => random.below(256));
  const literal = utf8(
    `{'descr': ${random.orWrong(`'${code}'`, () => random.pick(odd))}, ` +
      `'fortran_order': ${random.orWrong(random.pick(["True", "False"]), () => anyLiteral(random, 3))}, ` +
      `'shape': ${random.orWrong(tupleOf(shape, random), () => anyLiteral(random, 3))}, }\n`,
  );
  const header = random.orWrong(literal, () => mutate(literal, random));
  const length = little(random.count(header.length), version === 1 ? 2 : 4);
  const data = random.bytes(Math.min(random.count(elementsOf(shape) * bytes), mostData));
  return assemble(0x93, "NUMPY", version, 0, length, header, data);
}

function tupleOf(shape: readonly number[], random: Random): string {
  const extents = shape.map((extent) => random.orWrong(String(extent), () => anyLiteral(random, 1)));
  return `(${extents.join(", ")}${extents.length === 1 ? "," : ""})`;
}

/** What Python writes for some value, or what it could not read. */
function anyLiteral(random: Random, depth: number): string {
  const nested = () => anyLiteral(random, depth - 1);
  const leaves = [
    "True",
    "None",
    "-1",
    "1L",
    "'a'",
    '"b\'"',
    "'\\x00'",
    "1e9",
    "0x7f",
    "'",
    "(",
    String(random.extreme()),
  ];
  if (depth === 0 || random.chance(0.3)) return random.pick(leaves);
  if (random.chance(0.05)) return "(".repeat(random.pick([30, 3000])) + nested();
  const items = random.several(random.below(random.chance(0.1) ? 70 : 4), nested).join(", ");
  return random.pick([`(${items})`, `[${items}]`, `{${items}}`, `{'a': ${items}}`]);
}
