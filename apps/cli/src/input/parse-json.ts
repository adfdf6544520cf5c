import { randomUUID } from "node:crypto";
import type { Cell } from "../rows/row.js";

/**
 * What JSON says, with whole numbers beyond 2^53 as bigint, so that no digit is lost.
 * @throws {SyntaxError} where it is no JSON.
 */
export function parseJson(source: string): Cell {
  const value: Cell = JSON.parse(source);
  return manyDigits.test(source) ? JSON.parse(withMarkedIntegers(source), unmarked) : value;
}

/** Fewer digits are below 2^53; most lines have none so long, and are parsed once. */
const manyDigits = /\d{16}/;

/** Strings, so that digits within them are passed over, and numbers. */
const stringOrNumber = /"(?:[^"\\]+|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** No text has it: it is drawn when the program starts. */
const mark = `bigint ${randomUUID()} `;

function withMarkedIntegers(source: string): string {
  return source.replace(stringOrNumber, (token) => {
    const isLarge = /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token));
    return isLarge ? `"${mark}${token}"` : token;
  });
}

function unmarked(_name: string, value: Cell): Cell {
  return typeof value === "string" && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value;
}
