import { type Code, flatten, section, sized, text, unsigned, vector } from "./encoding.js";
import type { ValueType } from "./expression.js";
import {
  type Callable,
  FunctionBuilder,
  type MultiplyAdd,
  type Parameters,
  type Signature,
  typeCode,
} from "./function-builder.js";

/** Collects functions over one imported memory into a WebAssembly module. All are exported; none gives a result. */
export class ModuleBuilder {
  /**
   * @param multiplyAdd what `multiplyAdd` writes in every function: fused, or a product and a sum
   * @param shared whether the memory is one that threads share, of 4 GB at most
   */
  constructor(
    private readonly multiplyAdd: MultiplyAdd,
    private readonly shared = false,
  ) {}

  readonly #imports: { readonly name: string; readonly signature: Signature }[] = [];
  readonly #functions: { readonly name: string; readonly builder: FunctionBuilder }[] = [];
  #bodies: readonly Code[] | undefined;

  /** A function of another module, imported as `env.name`. Imports come before all functions. */
  import<S extends Signature>(name: string, signature: S): Callable<S> {
    if (this.#functions.length > 0) throw new TypeError(`import ${name} before the first function: it changes indices`);
    return { index: this.#imports.push({ name, signature }) - 1, signature };
  }

  /** Adds a function; `body` writes its statements. */
  function<S extends Signature>(
    name: string,
    signature: S,
    body: (f: FunctionBuilder, p: Parameters<S>) => void,
  ): Callable<S> {
    const types = Object.values(signature);
    const builder = new FunctionBuilder(types, this.multiplyAdd);
    const locals = Object.keys(signature).map((parameter, index) => [
      parameter,
      builder.variable(types[index]!, index),
    ]);
    body(builder, Object.fromEntries(locals) as Parameters<S>);
    return { index: this.#imports.length + this.#functions.push({ name, builder }) - 1, signature };
  }

  /**
   * The module's bytes; no function can be added afterwards (core specification, 5.5). It imports its memory as `env.memory`; its last section, of names, is
   * for profilers.
   * @param name the module's own. Engines reuse code they hold for the same bytes: what is to be compiled differently
   * needs a different name.
   */
  finish(name = "kernels"): Uint8Array<ArrayBuffer> {
    const [imports, functions] = [this.#imports, this.#functions];
    const signatures = [
      ...imports.map(({ signature }) => Object.values(signature)),
      ...functions.map(({ builder }) => builder.parameters),
    ];
    const indexOf = (index: number) => unsigned(imports.length + index);
    const limits = this.shared ? [0x03, unsigned(1), unsigned(65536)] : [0x00, unsigned(1)];
    const imported = [
      [text("env"), text("memory"), 0x02, limits],
      ...imports.map(({ name }, index) => [text("env"), text(name), 0x00, unsigned(index)]),
    ];
    const exports = functions.map(({ name }, index) => [text(name), 0x00, indexOf(index)]);
    const names = functions.map(({ name }, index) => [indexOf(index), text(name)]);
    this.#bodies ??= functions.map(({ builder }) => sized(builder.finish()));
    return flatten([
      header,
      section(1, vector(signatures.map(functionType))),
      section(2, vector(imported)),
      section(3, vector(functions.map((_, index) => indexOf(index)))),
      section(7, vector(exports)),
      section(10, vector(this.#bodies)),
      section(0, [text("name"), 0, sized(text(name)), 1, sized(vector(names))]),
    ]);
  }
}

/** "\0asm", version 1. */
const header: Code = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** Each function has a type of its own, with its own index. */
const functionType = (parameters: readonly ValueType[]): Code => [
  0x60,
  vector(parameters.map((type) => typeCode[type])),
  vector([]),
];
