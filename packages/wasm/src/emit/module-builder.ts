import { type Code, flatten, section, sized, text, unsigned, vector } from "./encoding.js";
import { FunctionBuilder, type MultiplyAdd, type Parameters, type Signature, typeCode } from "./function-builder.js";

/** Collects functions over one imported memory into a WebAssembly module. All are exported; none gives a result. */
export class ModuleBuilder {
  /** @param multiplyAdd what `multiplyAdd` writes in every function: fused, or a product and a sum */
  constructor(private readonly multiplyAdd: MultiplyAdd) {}

  readonly #functions: { readonly name: string; readonly builder: FunctionBuilder }[] = [];

  /** Adds a function; `body` writes its statements. */
  function<S extends Signature>(
    name: string,
    signature: S,
    body: (f: FunctionBuilder, p: Parameters<S>) => void,
  ): void {
    const types = Object.values(signature);
    const builder = new FunctionBuilder(types, this.multiplyAdd);
    const locals = Object.keys(signature).map((parameter, index) => [
      parameter,
      builder.variable(types[index]!, index),
    ]);
    body(builder, Object.fromEntries(locals) as Parameters<S>);
    this.#functions.push({ name, builder });
  }

  /**
   * The module's bytes (core specification, 5.5). It imports its memory as `env.memory`; its last section, of names, is
   * for profilers.
   * @param name the module's own. Engines reuse code they hold for the same bytes: what is to be compiled differently
   * needs a different name.
   */
  finish(name = "kernels"): Uint8Array<ArrayBuffer> {
    const functions = this.#functions;
    const indices = functions.map((_, index) => unsigned(index));
    const types = functions.map(({ builder }) => functionType(builder));
    const memory = [text("env"), text("memory"), 0x02, [0x00, unsigned(1)]];
    const exports = functions.map(({ name }, index) => [text(name), 0x00, unsigned(index)]);
    const names = functions.map(({ name }, index) => [unsigned(index), text(name)]);
    const bodies = functions.map(({ builder }) => sized(builder.finish()));
    return new Uint8Array(
      flatten([
        header,
        section(1, vector(types)),
        section(2, vector([memory])),
        section(3, vector(indices)),
        section(7, vector(exports)),
        section(10, vector(bodies)),
        section(0, [text("name"), 0, sized(text(name)), 1, sized(vector(names))]),
      ]),
    );
  }
}

/** "\0asm", version 1. */
const header: Code = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

const functionType = (builder: FunctionBuilder): Code => [
  0x60,
  vector(builder.parameters.map((type) => typeCode[type])),
  vector([]),
];
