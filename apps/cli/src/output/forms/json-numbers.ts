import { Failure } from "../../failure.js";
import type { ElementCodec, Elements } from "../elements.js";
import { shortestFloat32 } from "../shortest-float32.js";

/**
 * The numbers as a JSON array, with the fewest digits that give the same float32 back.
 * @throws {Failure} where one is NaN or infinite; `place` says of which row.
 */
export function jsonNumbers(codec: ElementCodec, elements: Elements, place: string): string {
  const numbers = codec.numbers(elements);
  if (!(numbers instanceof Float32Array)) return `[${numbers.join(",")}]`;
  if (!numbers.every(Number.isFinite)) {
    const problem = "the vector of this row has NaN or infinity, which JSON cannot say";
    throw new Failure(`${place}: ${problem}`, { hint: "write .npy or .parquet, which can" });
  }
  return `[${Array.from(numbers, spell).join(",")}]`;
}

function spell(value: number): string {
  return Object.is(value, -0) ? "-0" : String(shortestFloat32(value));
}
