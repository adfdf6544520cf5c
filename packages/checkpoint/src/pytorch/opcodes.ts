import type { PickleCursor } from "./pickle-cursor.js";
import type { PickleStack } from "./pickle-stack.js";
import { latin1Bytes, PickledBytes, textOf, type Value } from "./pickled-value.js";

/** What instructions need of the world: nothing but names for things that are known, and the arrays outside. */
export interface PickleWorld {
  /** @throws CheckpointError `unsupported` for whatever is not known. */
  global(module: string, name: string, cursor: PickleCursor): Value;
  /** What a persistent id stands for. */
  persistent(id: Value, cursor: PickleCursor): Value;
}

/** An instruction of a pickle: its opcode has been read, its argument has not. */
export type Instruction = (stack: PickleStack, cursor: PickleCursor, world: PickleWorld) => void | Promise<void>;

/** The byte that ends a pickle, "." */
export const stop = 0x2e;

/** Arguments of fixed length are read without waiting; this is the longest, with its opcode. */
export const longestFixed = 9;

/** The instructions of protocols 0 to 5 by opcode; CPython's Lib/pickletools.py says what each does. */
export function instructionOf(opcode: number): Instruction | undefined {
  return instructions.get(opcode);
}

const plain: Readonly<Record<string, Instruction>> = {
  N: (stack) => stack.push(null),
  "\x88": (stack) => stack.push(true),
  "\x89": (stack) => stack.push(false),
  K: (stack, cursor) => stack.push(cursor.uint8()),
  M: (stack, cursor) => stack.push(cursor.uint16()),
  J: (stack, cursor) => stack.push(cursor.int32()),
  "\x8a": async (stack, cursor) => stack.push(longOf(await cursor.take(cursor.uint8()))),
  "\x8b": async (stack, cursor) => stack.push(longOf(await cursor.take(longLength(cursor)))),
  G: (stack, cursor) => stack.push(cursor.float64()),
  I: async (stack, cursor) => stack.push(integerOf(await cursor.line(), cursor)),
  L: async (stack, cursor) => stack.push(integerOf((await cursor.line()).replace(/L$/, ""), cursor)),
  F: async (stack, cursor) => stack.push(Number((await cursor.line()).replace(/inf$/, "Infinity"))),
};

const texts: Readonly<Record<string, Instruction>> = {
  X: async (stack, cursor) => stack.push(await cursor.text(cursor.uint32())),
  "\x8c": async (stack, cursor) => stack.push(await cursor.text(cursor.uint8())),
  "\x8d": async (stack, cursor) => stack.push(await cursor.text(cursor.uint64())),
  V: async (stack, cursor) => stack.push(unescapeUnicode(await cursor.line(), cursor)),
  S: async (stack, cursor) => stack.push(quotedBytes(await cursor.line(), cursor)),
  U: async (stack, cursor) => stack.push(await cursor.string(cursor.uint8())),
  T: async (stack, cursor) => stack.push(await cursor.string(cursor.uint32())),
  C: (stack, cursor) => stack.push(cursor.window(cursor.uint8())),
  B: (stack, cursor) => stack.push(cursor.window(cursor.uint32())),
  "\x8e": (stack, cursor) => stack.push(cursor.window(cursor.uint64())),
  "\x96": (stack, cursor) => stack.push(cursor.window(cursor.uint64())),
};

const containers: Readonly<Record<string, Instruction>> = {
  "(": (stack) => stack.mark(),
  ")": (stack) => stack.push([]),
  "]": (stack) => stack.push([]),
  "}": (stack) => stack.push(new Map()),
  "\x8f": (stack) => stack.push([]),
  t: (stack) => stack.push(stack.popMark()),
  l: (stack) => stack.push(stack.popMark()),
  "\x91": (stack) => stack.push(stack.popMark()),
  d: (stack) => stack.pushDict(stack.popMark()),
  "\x85": (stack) => stack.push(stack.popLast(1)),
  "\x86": (stack) => stack.push(stack.popLast(2)),
  "\x87": (stack) => stack.push(stack.popLast(3)),
  a: (stack) => stack.append(stack.popLast(1)),
  e: (stack) => stack.append(stack.popMark()),
  "\x90": (stack) => stack.append(stack.popMark()),
  s: (stack) => stack.setItems(stack.popLast(2)),
  u: (stack) => stack.setItems(stack.popMark()),
};

const bookkeeping: Readonly<Record<string, Instruction>> = {
  "\x80": (_, cursor) => checkProtocol(cursor),
  "\x95": (_, cursor) => void cursor.uint64(),
  "0": (stack) => stack.drop(),
  "1": (stack) => void stack.popMark(),
  "2": (stack) => stack.pushAgain(stack.top),
  p: async (stack, cursor) => stack.put(placeOf(await cursor.line(), cursor)),
  q: (stack, cursor) => stack.put(cursor.uint8()),
  r: (stack, cursor) => stack.put(cursor.uint32()),
  "\x94": (stack) => stack.put(),
  g: async (stack, cursor) => stack.get(placeOf(await cursor.line(), cursor)),
  h: (stack, cursor) => stack.get(cursor.uint8()),
  j: (stack, cursor) => stack.get(cursor.uint32()),
};

const objects: Readonly<Record<string, Instruction>> = {
  c: async (stack, cursor, world) => stack.pushAgain(world.global(await cursor.line(), await cursor.line(), cursor)),
  "\x93": (stack, cursor, world) => {
    const [module, name] = stack.popLast(2).map(textOf);
    if (module === undefined || name === undefined) throw cursor.error("malformed", "a global without a name");
    stack.pushAgain(world.global(module, name, cursor));
  },
  R: (stack) => call(stack, stack.popLast(2)),
  "\x81": (stack) => call(stack, stack.popLast(2)),
  "\x92": (stack) => call(stack, stack.popLast(3)),
  o: (stack) => {
    const [callable = null, ...args] = stack.popMark();
    stack.make(callable, args);
  },
  i: async (stack, cursor, world) => {
    const callable = world.global(await cursor.line(), await cursor.line(), cursor);
    stack.make(callable, stack.popMark());
  },
  b: (stack) => stack.setState(stack.pop()),
  Q: (stack, cursor, world) => stack.push(world.persistent(stack.pop(), cursor)),
  P: async (stack, cursor, world) => stack.push(world.persistent(await cursor.line(), cursor)),
};

/** Names that only the reader's own registry could explain, and bytes that were sent beside the pickle. */
const outside: Readonly<Record<string, Instruction>> = Object.fromEntries(
  [..."\x82\x83\x84\x97\x98"].map((opcode) => [
    opcode,
    (_: PickleStack, cursor: PickleCursor) => {
      const what = opcode < "\x97" ? "an extension code" : "a buffer outside the file";
      throw cursor.error("unsupported", `it refers to ${what}, which only the program that wrote it knows`);
    },
  ]),
);

const instructions: ReadonlyMap<number, Instruction> = new Map(
  Object.entries({ ...plain, ...texts, ...containers, ...bookkeeping, ...objects, ...outside }).map(
    ([opcode, instruction]) => [opcode.charCodeAt(0), instruction],
  ),
);

/** Keyword arguments, which NEWOBJ_EX has, none of the known globals takes. */
function call(stack: PickleStack, [callable = null, args = null]: readonly Value[]): void {
  stack.make(callable, args);
}

function checkProtocol(cursor: PickleCursor): void {
  const protocol = cursor.uint8();
  if (protocol > 5) throw cursor.error("unsupported", `it is of protocol ${protocol}; 0 to 5 are read`);
}

/** Two's complement, the lowest byte first. */
function longOf(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return narrowed(BigInt.asIntN(8 * bytes.length, value));
}

function longLength(cursor: PickleCursor): number {
  const length = cursor.int32();
  if (length < 0) throw cursor.error("malformed", `an integer of ${length} bytes`);
  // No length, position or count has more; Python would take any.
  if (length > 255) throw cursor.error("limit", `an integer of ${length} bytes, where at most 255 are read`);
  return length;
}

function narrowed(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function integerOf(line: string, cursor: PickleCursor): number | bigint | boolean {
  if (line === "00" || line === "01") return line === "01";
  if (!/^[ \t]*[+-]?\d{1,600}[ \t\r]*$/.test(line)) throw cursor.error("malformed", "a line should be an integer");
  return narrowed(BigInt(line.trim().replace(/^\+/, "")));
}

function placeOf(line: string, cursor: PickleCursor): number {
  const place = integerOf(line, cursor);
  if (typeof place !== "number") throw cursor.error("malformed", "a line should be a place in the memo");
  return place;
}

/** What Python calls raw-unicode-escape. */
function unescapeUnicode(line: string, cursor: PickleCursor): string {
  return line.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_, short?: string, long?: string) => {
    const code = Number.parseInt(short ?? long!, 16);
    if (code > 0x10ffff) throw cursor.error("malformed", `a text has U+${code.toString(16)}`);
    return String.fromCodePoint(code);
  });
}

/** A string literal of Python 2, such as 'a\x00\'b'. */
function quotedBytes(line: string, cursor: PickleCursor): PickledBytes {
  const literal = line.trim();
  const quote = literal[0];
  if (literal.length < 2 || (quote !== "'" && quote !== '"') || literal.at(-1) !== quote) {
    throw cursor.error("malformed", "a line should be a text in quotes");
  }
  const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", a: "\x07", b: "\b", f: "\f", v: "\v" };
  const text = literal.slice(1, -1).replace(/\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|(.))/g, (_, hex, octal, other) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
    return escapes[other] ?? other;
  });
  const name = text.length <= 1024 && /^[\x20-\x7e]*$/.test(text) ? text : undefined;
  return new PickledBytes(latin1Bytes(text, cursor.label), 0, text.length, name);
}
