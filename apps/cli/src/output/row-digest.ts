import type { Hash } from "node:crypto";
import { createHash } from "node:crypto";
import type { Row } from "../rows/row.js";
import { cellToJson } from "./cell-json.js";

/** The digest of the rows that went into an output: their texts and kept cells, in order. */
export class RowDigest {
  readonly #hash: Hash;
  #rows: number;

  constructor(other?: RowDigest) {
    this.#hash = other ? other.#hash.copy() : createHash("sha256");
    this.#rows = other ? other.#rows : 0;
  }

  /** How many rows it is of. */
  get rows(): number {
    return this.#rows;
  }

  add({ text, cells }: Pick<Row, "text" | "cells">): void {
    this.#hash.update(`${JSON.stringify([text, ...cells.map(cellToJson)])}\n`);
    this.#rows++;
  }

  value(): string {
    return this.#hash.copy().digest("hex");
  }
}
