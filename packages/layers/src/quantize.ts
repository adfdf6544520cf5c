import { UnsupportedError } from "@bertkit/tensor";
import { Embedding } from "./embedding.js";
import { Linear } from "./linear.js";
import { Module } from "./module.js";
import { QuantizedEmbedding } from "./quantized-embedding.js";
import { QuantizedLinear } from "./quantized-linear.js";

/**
 * Puts an int8 counterpart in the place of every Linear and Embedding inside a module, for inference. Numbers that are
 * there are quantised and the float ones given back, part after part; before a load there are none, and the load then
 * quantises what it reads, so that the float model is never in memory. Throws `UnsupportedError` for a Linear or an
 * Embedding itself, which has no place to be put in: `QuantizedLinear.from` and `QuantizedEmbedding.from` are for those.
 */
export async function quantize(module: Module): Promise<void> {
  if (module instanceof Linear || module instanceof Embedding) {
    const { name } = module.constructor;
    throw new UnsupportedError(`quantize changes what is inside a module: for this one use Quantized${name}.from`);
  }
  await quantizeFields(module, new Map());
}

/** A part that stands in two places stays one. */
type Counterparts = Map<Module, Module>;

async function quantizeFields(holder: object, counterparts: Counterparts): Promise<void> {
  for (const [name, value] of Object.entries(holder)) {
    if (value instanceof Linear || value instanceof Embedding) {
      Reflect.set(holder, name, await counterpartOf(value, counterparts));
    } else if (value instanceof Module || Array.isArray(value)) await quantizeFields(value, counterparts);
  }
}

async function counterpartOf(part: Linear | Embedding, counterparts: Counterparts): Promise<Module> {
  const known = counterparts.get(part);
  if (known) return known;
  const made = part instanceof Linear ? await QuantizedLinear.from(part) : await QuantizedEmbedding.from(part);
  counterparts.set(part, made);
  part[Symbol.dispose]();
  return made;
}
