import type { Input, Parser } from "../parser.js";
import { Random } from "../random.js";

/** Which input: it is the same whenever and wherever it is made. */
export interface Case {
  readonly parser: Parser;
  readonly seed: number;
  readonly number: number;
}

/** The input of a case. */
export function inputOf({ parser, seed, number }: Case): Input {
  return parser.make(new Random(`${seed}/${parser.name}/${number}`));
}
