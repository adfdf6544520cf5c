import { bitsOf, bytesOf, type Code, signed, unsigned } from "./encoding.js";

/** i32: addresses, counts and flags; f32: one number; v128: four numbers of 32 bits, "lanes". */
export type ValueType = "i32" | "f32" | "v128";

/** Instructions that leave one value on the stack. Used twice, it is computed twice: `let` it into a local first. */
export interface Expression<Type extends ValueType> {
  readonly type: Type;
  readonly code: Code;
}

/** An address, a count or a condition (anything but 0 is true); a plain number stands for its constant. */
export type I32 = Expression<"i32"> | number;
/** One float; a plain number stands for its constant. */
export type F32 = Expression<"f32"> | number;
/** Four lanes; a plain number stands for itself in each, as floats (as integers where `i32x4` takes it). */
export type V128 = Expression<"v128"> | number;

/** Integers. Comparisons are unsigned unless they say signed, because addresses go up to 4 GB. */
export const i32 = {
  constant: (value: number) => expression("i32", [0x41, signed(value)]),
  add: integers(0x6a),
  subtract: integers(0x6b),
  multiply: integers(0x6c),
  /** Rounded down; traps for 0. */
  divide: integers(0x6e),
  /** What `divide` leaves; traps for 0. */
  remainder: integers(0x70),
  and: integers(0x71),
  or: integers(0x72),
  shiftLeft: integers(0x74),
  shiftRight: integers(0x76),
  equal: integers(0x46),
  less: integers(0x49),
  atLeast: integers(0x4f),
  greaterSigned: integers(0x4a),
  lessSigned: integers(0x48),
  load: (address: I32, offset = 0) => expression("i32", [integer(address), 0x28, 2, unsigned(offset)]),
  /** `a` where the condition holds, else `b`; both are computed. */
  select: (condition: I32, a: I32, b: I32) => expression("i32", [integer(a), integer(b), integer(condition), 0x1b]),
  /** Unsigned. Give locals or constants: each is computed twice. */
  smaller: (a: I32, b: I32) => i32.select(i32.less(a, b), a, b),
};

/** Integers that several threads read and write at once (threads proposal). What changes memory gives what was there. */
export const atomic = {
  load: (address: I32) => expression("i32", [integer(address), 0xfe, 0x10, 2, 0]),
  add: readModifyWrite(0x1e),
  subtract: readModifyWrite(0x25),
  or: readModifyWrite(0x33),
  /** Stores `replacement` if `expected` is there. */
  compareExchange: (address: I32, expected: I32, replacement: I32) =>
    expression("i32", [integer(address), integer(expected), integer(replacement), 0xfe, 0x48, 2, 0]),
  /** Sleeps until notified, if `expected` is there. Traps on the main thread of a page, and on memory of one thread. */
  wait: (address: I32, expected: I32) =>
    expression("i32", [integer(address), integer(expected), [0x42, 0x7f], 0xfe, 0x01, 2, 0]),
  /** Wakes up to `count` that wait there; gives how many. */
  notify: (address: I32, count: I32) => expression("i32", [integer(address), integer(count), 0xfe, 0x00, 2, 0]),
};

/** One float at a time: what is left of a row after its sum. */
export const f32 = {
  constant: (value: number) => expression("f32", [0x43, bytesOf(bitsOf(value))]),
  add: scalars(0x92),
  divide: scalars(0x95),
  min: scalars(0x96),
  max: scalars(0x97),
  sqrt: (x: F32) => expression("f32", [scalar(x), 0x91]),
  multiply: scalars(0x94),
  subtract: scalars(0x93),
  absolute: (x: F32) => expression("f32", [scalar(x), 0x8b]),
  equal: comparison(0x5b),
  fromInteger: (x: I32) => expression("f32", [integer(x), 0xb3]),
  load: (address: I32, offset = 0) => expression("f32", [integer(address), 0x2a, 2, unsigned(offset)]),
  lane: (x: V128, lane: number) => expression("f32", [floats(x), simd(0x1f), lane]),
};

/** 128 bits at a time, whatever they mean. */
export const v128 = {
  load: (address: I32, offset = 0) => access(0x00, address, offset),
  and: lanes(0x4e, floats),
  /** The bits of `a` where `b` has none. */
  andNot: lanes(0x4f, floats),
  or: lanes(0x50, floats),
  /** The bits of `a` where the mask has ones, of `b` where it has zeros. */
  select: (mask: Expression<"v128">, a: V128, b: V128) =>
    expression("v128", [floats(a), floats(b), mask.code, simd(0x52)]),
  /** Lane i of the result is lane order[i] of `a` (0 to 3) or `b` (4 to 7). */
  shuffle: (a: Expression<"v128">, b: Expression<"v128">, order: readonly number[]) =>
    expression("v128", [
      a.code,
      b.code,
      simd(0x0d),
      order.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
    ]),
};

/** Four floats. */
export const f32x4 = {
  splat: (x: F32) => expression("v128", [scalar(x), simd(0x13)]),
  /** The float at an address, in all four lanes. */
  loadSplat: (address: I32, offset = 0) => access(0x09, address, offset),
  equal: lanes(0x41, floats),
  less: lanes(0x43, floats),
  greater: lanes(0x44, floats),
  atLeast: lanes(0x46, floats),
  absolute: (x: V128) => expression("v128", [floats(x), simd(0xe0)]),
  negate: (x: V128) => expression("v128", [floats(x), simd(0xe1)]),
  sqrt: (x: V128) => expression("v128", [floats(x), simd(0xe3)]),
  add: lanes(0xe4, floats),
  subtract: lanes(0xe5, floats),
  multiply: lanes(0xe6, floats),
  divide: lanes(0xe7, floats),
  /** b < a ? b : a, so a NaN in `a` stays; one instruction, where IEEE's minimum takes several. */
  smaller: lanes(0xea, floats),
  /** a < b ? b : a, so a NaN in `a` stays. */
  larger: lanes(0xeb, floats),
  fromIntegers: (x: V128) => expression("v128", [integersIn(x), simd(0xfa)]),
  /** a · b + c, rounded once where the machine can ("relaxed SIMD"). */
  relaxedMultiplyAdd: (a: V128, b: V128, c: V128) => expression("v128", [floats(a), floats(b), floats(c), simd(0x105)]),
};

/** Four integers. */
export const i32x4 = {
  constant: (...values: readonly [number, number, number, number]) => expression("v128", { lanes: values }),
  splat: (x: I32) => expression("v128", [integer(x), simd(0x11)]),
  add: lanes(0xae, integersIn),
  subtract: lanes(0xb1, integersIn),
  multiply: lanes(0xb5, integersIn),
  xor: lanes(0x51, integersIn),
  and: lanes(0x4e, integersIn),
  atLeastSigned: lanes(0x3f, integersIn),
  lessSigned: lanes(0x39, integersIn),
  shiftLeft: (x: V128, bits: number) => expression("v128", [integersIn(x), integer(bits), simd(0xab)]),
  shiftRightSigned: (x: V128, bits: number) => expression("v128", [integersIn(x), integer(bits), simd(0xac)]),
  shiftRight: (x: V128, bits: number) => expression("v128", [integersIn(x), integer(bits), simd(0xad)]),
  lane: (x: V128, lane: number) => expression("i32", [integersIn(x), simd(0x1b), lane]),
  /** Lanes 0 to 3 of eight 16-bit integers. */
  fromShorts: (x: Expression<"v128">) => expression("v128", [x.code, simd(0xa7)]),
  /** a₀b₀ + a₁b₁, a₂b₂ + a₃b₃ … of 16-bit integers. */
  dotOfShorts: (a: Expression<"v128">, b: Expression<"v128">) => expression("v128", [a.code, b.code, simd(0xba)]),
};

/** Eight integers of 16 bits. */
export const i16x8 = {
  /** Eight signed bytes at an address. */
  loadBytes: (address: I32, offset = 0) => access(0x01, address, offset),
  /** The four integers at an address, twice. */
  loadFour: (address: I32, offset = 0) => access(0x0a, address, offset),
  /** Unsigned bytes 0 to 7. */
  fromLowBytes: (x: Expression<"v128">) => expression("v128", [x.code, simd(0x89)]),
  /** Unsigned bytes 8 to 15. */
  fromHighBytes: (x: Expression<"v128">) => expression("v128", [x.code, simd(0x8a)]),
  /** Those of `a`, then those of `b`, saturated. */
  narrow: (a: Expression<"v128">, b: Expression<"v128">) => expression("v128", [a.code, b.code, simd(0x85)]),
  /**
   * a₀b₀ + a₁b₁, a₂b₂ + a₃b₃ … of bytes ("relaxed SIMD"), `a` signed. What a byte of `b` above 127 means, and whether
   * sums beyond 16 bits saturate, is the engine's to say.
   */
  relaxedDotOfBytes: (a: Expression<"v128">, b: Expression<"v128">) =>
    expression("v128", [a.code, b.code, simd(0x112)]),
};

/** Sixteen bytes. */
export const i8x16 = {
  /** The 16-bit integers of `a`, then those of `b`, as unsigned bytes, saturated. */
  narrowUnsigned: (a: Expression<"v128">, b: Expression<"v128">) => expression("v128", [a.code, b.code, simd(0x66)]),
};

export function integer(x: I32): Code {
  return (typeof x === "number" ? i32.constant(x) : x).code;
}

export function scalar(x: F32): Code {
  return (typeof x === "number" ? f32.constant(x) : x).code;
}

export function floats(x: V128): Code {
  if (typeof x !== "number") return x.code;
  const bits = bitsOf(x);
  return { lanes: [bits, bits, bits, bits] };
}

/** A SIMD instruction: its prefix and its number. */
export function simd(opcode: number): Code {
  return [0xfd, unsigned(opcode)];
}

function integersIn(x: V128): Code {
  return typeof x === "number" ? i32x4.constant(x, x, x, x).code : x.code;
}

function expression<Type extends ValueType>(type: Type, code: Code): Expression<Type> {
  return { type, code };
}

function integers(opcode: number) {
  return (a: I32, b: I32) => expression("i32", [integer(a), integer(b), opcode]);
}

function readModifyWrite(opcode: number) {
  return (address: I32, value: I32) => expression("i32", [integer(address), integer(value), 0xfe, opcode, 2, 0]);
}

function comparison(opcode: number) {
  return (a: F32, b: F32) => expression("i32", [scalar(a), scalar(b), opcode]);
}

function scalars(opcode: number) {
  return (a: F32, b: F32) => expression("f32", [scalar(a), scalar(b), opcode]);
}

function lanes(opcode: number, operand: (x: V128) => Code) {
  return (a: V128, b: V128) => expression("v128", [operand(a), operand(b), simd(opcode)]);
}

/** An alignment of 4 bytes is promised (2² below), which costs nothing where it is more. */
function access(opcode: number, address: I32, offset: number): Expression<"v128"> {
  return expression("v128", [integer(address), simd(opcode), 2, unsigned(offset)]);
}
