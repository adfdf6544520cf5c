import { Failure } from "../failure.js";
import type { WantedWidth } from "./corpus.js";

/** Checks the vectors of a file one after the other: all of one width, with numbers only. */
export class VectorCheck {
  readonly #wanted: WantedWidth | undefined;
  #first: { readonly width: number; readonly place: string } | undefined;

  constructor(wanted: WantedWidth | undefined) {
    this.#wanted = wanted;
  }

  /** @throws {Failure} that names the place of a vector of another width, or with NaN or infinity. */
  check(vector: Float32Array, place: string): Float32Array {
    this.checkWidth(vector.length, place);
    // Whatever is finite is 0 times itself; the rest is NaN.
    let sum = 0;
    for (const value of vector) sum += 0 * value;
    if (sum === 0) return vector;
    throw new Failure(`${place}: this vector has NaN or infinity`, {
      hint: "leave the row out, or encode its text again",
    });
  }

  checkWidth(width: number, place: string): void {
    if (this.#wanted && width !== this.#wanted.width) {
      const { model } = this.#wanted;
      const counts = `its vectors have ${width} numbers, those of ${model} have ${this.#wanted.width}`;
      throw new Failure(`${place}: ${counts}`, {
        hint: "name the model that made them with --model, and --dimensions if they were cut",
      });
    }
    this.#first ??= { width, place };
    if (width === this.#first.width) return;
    throw new Failure(
      `${place}: this vector has ${width} numbers, the one at ${this.#first.place} ${this.#first.width}`,
      {
        hint: "all vectors must come from one model: encode the texts again",
      },
    );
  }
}
