import type { Random } from "../random.js";
import { assemble, little, type Part, utf8 } from "./assemble.js";
import { anyName } from "./names.js";

const globals: readonly (readonly [module: string, name: string])[] = [
  ["collections", "OrderedDict"],
  ["collections", "Counter"],
  ["collections", "defaultdict"],
  ["builtins", "set"],
  ["builtins", "list"],
  ["builtins", "bytearray"],
  ["__builtin__", "dict"],
  ["_codecs", "encode"],
  ["argparse", "Namespace"],
  ["numpy", "dtype"],
  ["numpy", "ndarray"],
  ["numpy.core.multiarray", "_reconstruct"],
  ["numpy._core.multiarray", "scalar"],
  ["numpy._core.numeric", "_frombuffer"],
  ["torch", "Size"],
  ["torch", "FloatStorage"],
  ["torch", "float16"],
  ["torch.nn.parameter", "Parameter"],
  ["torch.storage", "_load_from_bytes"],
  ["torch._tensor", "_rebuild_from_type_v2"],
  ["torch._utils", "_rebuild_parameter"],
  ["torch._utils", "_rebuild_tensor"],
  ["torch._utils", "_rebuild_tensor_v2"],
  ["torch._utils", "_rebuild_tensor_v3"],
  ["torch._utils", "_rebuild_qtensor"],
  ["torch._utils", "_rebuild_sparse_tensor"],
];
const dangerous: readonly (readonly [module: string, name: string])[] = [
  ["os", "system"],
  ["builtins", "eval"],
  ["__proto__", "constructor"],
  ["torch._utils", "__proto__"],
  ["", ""],
];
// All of protocols 0 to 5 without an argument in the pickle itself.
const bare = "(N\x88\x89)]}\x8ftl\x91d\x85\x86\x87ae\x90su012\x94\x93R\x81\x92obQ";

/** A pickle of protocol 2 that pushes a value and stops. */
export function pickleOf(value: Part): Uint8Array {
  return assemble("\x80\x02", value, ".");
}

/** Instructions that push an integer, in one of the ways there are. */
export function pushInteger(value: number, random: Random): Part {
  const stated = random.orWrong(BigInt(Math.trunc(value)), () => random.extreme());
  const spellings: Part[] = [
    ["\x8a\x09", little(stated, 9)],
    `I${stated}\n`,
    `L${stated}L\n`,
    ["\x8b", little(9, 4), little(stated, 9)],
  ];
  if (stated < 2n ** 31n) spellings.push(["J", little(stated, 4)], ["J", little(stated, 4)]);
  return random.orWrong(random.pick(spellings), () => pushAnything(random, 1));
}

/** Instructions that push a text. */
export function pushText(text: string, random: Random): Part {
  const encoded = utf8(text);
  const length = random.count(encoded.length);
  const spellings: Part[] = [
    ["X", little(length, 4), encoded],
    ["\x8c", little(length, 1), encoded],
    ["\x8d", little(length, 8), encoded],
    ["U", little(length, 1), encoded],
    ["V", encoded.filter((byte) => byte !== 10), "\n"],
    ["S'", encoded.filter((byte) => byte >= 32 && byte !== 39 && byte !== 92), "'\n"],
  ];
  // A length of one byte only says so much.
  const usable = encoded.length < 256 ? spellings : [spellings[0]!, spellings[2]!];
  return random.orWrong(random.pick(usable), () => pushAnything(random, 1));
}

/** Instructions that push bytes. */
export function pushBytes(bytes: Uint8Array, random: Random): Part {
  const length = random.count(bytes.length);
  return random.pick<Part>([
    ["B", little(length, 4), bytes],
    ["\x8e", little(length, 8), bytes],
    ["T", little(length, 4), bytes],
    ["\x96", little(length, 8), bytes],
  ]);
}

/** Instructions that push a class or a function of Python's. */
export function pushGlobal(module: string, name: string, random: Random): Part {
  const [from, what] = random.orWrong([module, name], () => random.pick([...globals, ...dangerous]));
  const texts: Part = [0x8c, from.length, from, 0x8c, what.length, what, "\x93"];
  return random.chance(0.7) ? `c${from}\n${what}\n` : texts;
}

/** Instructions that push a tuple. */
export function pushTuple(items: readonly Part[], random: Random): Part {
  const tuple: Part = ["(", items, "t"];
  return random.orWrong(tuple, () =>
    random.pick<Part>([["(", items, "l"], ["(", items], [items, "\x86"], pushAnything(random, 1)]),
  );
}

/** Instructions that push what a call gives. */
export function pushCall(module: string, name: string, args: readonly Part[], random: Random): Part {
  return [
    pushGlobal(module, name, random),
    pushTuple(args, random),
    random.orWrong("R", () => random.pick(["\x81", "b", "\x92"])),
  ];
}

/** Instructions that push a dict, and may keep it or its keys in the memo. */
export function pushDict(pairs: readonly (readonly [key: string, value: Part])[], random: Random): Part {
  const items = pairs.map(([key, value]): Part => {
    const kept: Part = random.chance(0.3) ? random.pick<Part>(["\x94", ["q", random.below(4)]]) : [];
    return [pushText(key, random), kept, value];
  });
  const ordered = random.chance(0.3) ? pushCall("collections", "OrderedDict", [], random) : "}";
  return [
    ordered,
    random.chance(0.3) ? "\x94" : [],
    "(",
    items,
    random.orWrong("u", () => random.pick(["d", "e", "s", "t"])),
  ];
}

/** Instructions that push any value of plain data, or try to. */
export function pushAnything(random: Random, depth: number): Part {
  const nested = () => pushAnything(random, depth - 1);
  const leaves: (() => Part)[] = [
    () => random.pick(["N", "\x88", "\x89", ")", "]", "}", "\x8f"]),
    () => ["K", random.below(256)],
    () => ["J", little(random.extreme(), 4)],
    () => ["\x8a\x0a", little(random.extreme() ** 2n, 10)],
    () => ["G", random.bytes(8)],
    () => ["X", little(random.below(9), 4), utf8(anyName(random))],
    () => ["C", random.below(5), random.bytes(4)],
    () => `F${random.pick(["1.5", "inf", "nan", "-", "1e999"])}\n`,
    () => ["h", random.below(4)],
    () => `c${random.pick([...globals, ...dangerous]).join("\n")}\n`,
  ];
  if (depth <= 0 || random.chance(0.3)) return random.pick(leaves)();
  const items = random.several(random.below(4), nested);
  return random.pick<() => Part>([
    () => ["(", items, random.pick(["t", "l", "d", "\x91", "1", "o"])],
    () => ["]\x94(", items, "e"],
    () => ["}\x94(", items, items, "u"],
    () => [`c${random.pick(globals).join("\n")}\n`, "(", items, "t", random.pick(["R", "\x81"])],
    () => ["](", "K\x01", random.several(random.below(60), () => "2\x86"), "e"],
    () => ["]", random.several(random.below(40), () => "\x942\x86")],
  ])();
}

/** Something long that is kept once and taken a thousand times by the same call: few bytes that could be much work. */
export function takenOften(random: Random): Part {
  const length = random.pick([100, 3000, 30_000]);
  const long = random.pick<Part>([
    ["](", "K\x01".repeat(length), "e"],
    ["](", "K\x01K\x02\x86".repeat(length), "e"],
    ["}(", random.several(length, (i) => ["J", little(i, 4), "N"]), "u"],
    ["X", little(length, 4), "a".repeat(length)],
    ["B", little(length, 4), new Uint8Array(length)],
  ]);
  const args = random.several(1 + random.below(5), () => random.pick(["h\0", "h\0", "N", ")", "K\x02"]));
  const made: Part = [`c${random.pick(globals).join("\n")}\n(`, args, "tR", random.pick<Part>([[], ["(", args, "tb"]])];
  return [long, "\x940](", random.several(random.pick([10, 3000]), () => made), "e"];
}

/** Instructions in no order at all. */
export function anyInstructions(random: Random): Part {
  return random.several(random.below(60), () =>
    random.chance(0.4) ? random.pick([...bare]) : pushAnything(random, 2),
  );
}
