import type { PickleCursor } from "./pickle-cursor.js";
import { type Built, KnownGlobal, PickledBytes, textOf, type Value } from "./pickled-value.js";

/** What a pickle's instructions work on: a stack with marks, and the memo. None of them can run anything. */
export class PickleStack {
  readonly #values: Value[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, Value>();

  constructor(readonly cursor: PickleCursor) {}

  push(value: Value): void {
    this.cursor.spend(weightOf(value));
    this.#values.push(value);
  }

  pop(): Value {
    if (this.#values.length <= (this.#marks.at(-1) ?? 0)) throw this.#problem("takes a value where there is none");
    return this.#values.pop()!;
  }

  /** The last `count` values, the first of them first. */
  popLast(count: number): Value[] {
    const from = this.#values.length - count;
    if (from < (this.#marks.at(-1) ?? 0)) throw this.#problem("takes a value where there is none");
    return this.#values.splice(from);
  }

  get top(): Value {
    const value = this.pop();
    this.#values.push(value);
    return value;
  }

  mark(): void {
    this.cursor.spend(1);
    this.#marks.push(this.#values.length);
  }

  /** What lies above the last mark, which goes away. */
  popMark(): Value[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw this.#problem("takes what follows a mark where there is none");
    return this.#values.splice(mark);
  }

  /** Drops a value, or a mark that nothing follows. */
  drop(): void {
    if (this.#marks.length > 0 && this.#values.length === this.#marks.at(-1)) this.#marks.pop();
    else this.pop();
  }

  put(index = this.#memo.size): void {
    this.cursor.spend(1);
    this.#memo.set(index, this.top);
  }

  get(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.#problem(`takes ${index} from the memo, which has no such place`);
    this.pushAgain(value);
  }

  /** Pushes what there is already. */
  pushAgain(value: Value): void {
    this.cursor.spend(1);
    this.#values.push(value);
  }

  /** Puts values at the end of the list below them. */
  append(values: readonly Value[]): void {
    const list = this.top;
    if (!Array.isArray(list)) throw this.#problem("appends to what is no list");
    for (const value of values) list.push(value);
  }

  /** Puts keys and values in the dict below them. */
  setItems(pairs: readonly Value[]): void {
    const dict = this.top;
    if (!(dict instanceof Map)) throw this.#problem("sets a key of what is no dict");
    this.#fill(dict, pairs);
  }

  pushDict(pairs: readonly Value[]): void {
    const dict = new Map<Value, Value>();
    this.#fill(dict, pairs);
    this.push(dict);
  }

  /** What REDUCE, NEWOBJ and their like do: asks a known global for a value. */
  make(callable: Value, args: Value): void {
    if (!(callable instanceof KnownGlobal) || !Array.isArray(args)) {
      throw this.#problem("calls what is no class or function, or not with a tuple");
    }
    if (callable.make === undefined) {
      throw this.cursor.error("unsupported", `it wants to make a ${callable.path}, which is not read`);
    }
    this.push(callable.make(args, this.cursor));
  }

  /** What BUILD does: gives a state to what was made; that of a dict or an array is nothing of ours. */
  setState(state: Value): void {
    const object = this.top;
    if (isBuilt(object)) object.setState?.(state);
  }

  #fill(dict: Map<Value, Value>, pairs: readonly Value[]): void {
    if (pairs.length % 2 === 1) throw this.#problem("has a key without a value");
    for (let i = 0; i < pairs.length; i += 2) {
      const key = pairs[i]!;
      dict.set(textOf(key) ?? key, pairs[i + 1]!);
    }
  }

  #problem(problem: string): Error {
    return this.cursor.error("malformed", `an instruction ${problem}`);
  }
}

/** What a new value takes of the budget, by the memory that engines give it at least: a dict some 200 bytes. */
function weightOf(value: Value): number {
  if (typeof value !== "object" || value === null) return 1;
  return value instanceof Map ? 8 : 4;
}

function isBuilt(value: Value): value is Built {
  if (typeof value !== "object" || value === null) return false;
  return !(Array.isArray(value) || value instanceof Map || value instanceof PickledBytes);
}
