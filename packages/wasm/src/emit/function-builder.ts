import { type Code, flatten, inline, unsigned, type VectorConstant } from "./encoding.js";
import {
  type Expression,
  type F32,
  floats,
  type I32,
  i32,
  integer,
  scalar,
  simd,
  type V128,
  type ValueType,
} from "./expression.js";

/** A variable; used as an expression it is its value. */
export interface Local<Type extends ValueType> extends Expression<Type> {
  readonly index: number;
}

/** The names and types of a function's parameters, in order. */
export type Signature = Readonly<Record<string, ValueType>>;
export type Parameters<S extends Signature> = { readonly [Name in keyof S]: Local<S[Name]> };

/** A function of the module, or one it imports, by its index. */
export interface Callable<S extends Signature> {
  readonly index: number;
  readonly signature: S;
}

/** An argument for each parameter, by name. */
export type Arguments<S extends Signature> = {
  readonly [Name in keyof S]: S[Name] extends "i32" ? I32 : S[Name] extends "f32" ? F32 : V128;
};

export type MultiplyAdd = (a: V128, b: V128, c: V128) => Expression<"v128">;

/** Collects the statements of one function. Control flow is structured: its bodies are callbacks. */
export class FunctionBuilder {
  readonly #types: ValueType[];
  readonly #parameters: number;
  #statements: Code[] = [];

  /** @param multiplyAdd a · b + c, the way the engine at hand does it best */
  constructor(
    readonly parameters: readonly ValueType[],
    readonly multiplyAdd: MultiplyAdd,
  ) {
    this.#types = [...parameters];
    this.#parameters = parameters.length;
  }

  /** A new variable; it starts as 0, once a call, not once a loop. */
  local<Type extends ValueType>(type: Type): Local<Type> {
    return this.variable(type, this.#types.push(type) - 1);
  }

  /** The variable at an index: a parameter. */
  variable<Type extends ValueType>(type: Type, index: number): Local<Type> {
    return { type, index, code: [0x20, unsigned(index)] };
  }

  /** A new variable that holds `value`: computed here, used as often as wanted. */
  let<Type extends ValueType>(value: Expression<Type>): Local<Type> {
    const local = this.local(value.type);
    this.#emit(value.code, 0x21, unsigned(local.index));
    return local;
  }

  /** Calls a function; none gives a result. */
  call<S extends Signature>({ index, signature }: Callable<S>, given: Arguments<S>): void {
    const operands = Object.entries(signature).map(([name, type]) => operand[type](given[name] as never));
    this.#emit(operands, 0x10, unsigned(index));
  }

  /** Computes for the effect alone, as of an atomic operation. */
  run(value: Expression<ValueType>): void {
    this.#emit(value.code, 0x1a);
  }

  /** Leaves the function. */
  return(): void {
    this.#emit(0x0f);
  }

  set(local: Local<"i32">, value: I32): void;
  set(local: Local<"f32">, value: F32): void;
  set(local: Local<"v128">, value: V128): void;
  set(local: Local<ValueType>, value: Expression<ValueType> | number): void {
    this.#emit(operand[local.type](value as never), 0x21, unsigned(local.index));
  }

  increase(local: Local<"i32">, by: I32): void {
    this.set(local, i32.add(local, by));
  }

  store(address: I32, value: V128, offset = 0): void {
    this.#emit(integer(address), floats(value), simd(0x0b), 2, unsigned(offset));
  }

  /** Stores lanes 0 and 1. */
  storePair(address: I32, value: V128, offset = 0): void {
    this.#emit(integer(address), floats(value), simd(0x5b), 2, unsigned(offset), 0);
  }

  /** Stores one lane. */
  storeLane(address: I32, value: V128, lane: number, offset = 0): void {
    this.#emit(integer(address), floats(value), simd(0x5a), 2, unsigned(offset), lane);
  }

  storeScalar(address: I32, value: F32, offset = 0): void {
    this.#emit(integer(address), scalar(value), 0x38, 2, unsigned(offset));
  }

  storeInteger(address: I32, value: I32, offset = 0): void {
    this.#emit(integer(address), integer(value), 0x36, 2, unsigned(offset));
  }

  /** For other threads to see, after all that was stored before. */
  storeAtomic(address: I32, value: I32): void {
    this.#emit(integer(address), integer(value), 0xfe, 0x17, 2, 0);
  }

  /** Sets each byte. */
  fillBytes(to: I32, value: I32, bytes: I32): void {
    this.#emit(integer(to), integer(value), integer(bytes), 0xfc, 0x0b, 0);
  }

  if(condition: I32, then: () => void, otherwise?: () => void): void {
    const yes = this.#block(then);
    const no = otherwise ? [0x05, this.#block(otherwise)] : [];
    this.#emit(integer(condition), [0x04, 0x40], yes, no, 0x0b);
  }

  /** Runs `body` at least once, and again as long as `condition` holds after it: the tightest loop there is. */
  repeatWhile(body: () => void, condition: I32): void {
    const code = this.#block(body);
    this.#emit([0x03, 0x40], code, integer(condition), [0x0d, 0], 0x0b);
  }

  /** Runs `body` as long as `condition` holds before it. */
  while(condition: I32, body: () => void): void {
    this.if(condition, () => this.repeatWhile(body, condition));
  }

  /** Runs `body` with `index` from 0 up to below `end`. */
  count(end: I32, body: (index: Local<"i32">) => void): void {
    const index = this.let(i32.constant(0));
    this.while(i32.less(index, end), () => {
      body(index);
      this.increase(index, 1);
    });
  }

  /** The types of the local variables, then the instructions (core specification, 5.5.13). */
  finish(): Code {
    const constants = new Map<string, { readonly local: Local<"v128">; readonly value: VectorConstant }>();
    const body = flatten(this.#statements, (value) => {
      // Zero is the one vector that engines make as fast as they copy it.
      if (value.lanes.every((lane) => lane === 0)) return inline(value);
      const key = value.lanes.join();
      if (!constants.has(key)) constants.set(key, { local: this.local("v128"), value });
      return constants.get(key)!.local.code;
    });
    // Set once at the start: V8 builds a 128-bit constant from four instructions at each use.
    const start = [...constants.values()].map(({ local, value }) => [inline(value), 0x21, unsigned(local.index)]);
    const locals = this.#types.slice(this.#parameters).map((type) => [1, typeCode[type]]);
    return [unsigned(locals.length), locals, start, body, 0x0b];
  }

  #emit(...code: Code[]): void {
    this.#statements.push(code);
  }

  #block(body: () => void): Code {
    const outer = this.#statements;
    this.#statements = [];
    body();
    const inner = this.#statements;
    this.#statements = outer;
    return inner;
  }
}

const operand: { readonly [Type in ValueType]: (value: never) => Code } = { i32: integer, f32: scalar, v128: floats };

export const typeCode: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };
