import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type ColorStream, colorsOn, paint } from "./colors.js";

const terminal: ColorStream = { isTTY: true, hasColors: () => true };
const plainTerminal: ColorStream = { isTTY: true, hasColors: () => false };
const pipe = {} as ColorStream; // as Node has it: a pipe lacks both

describe("colours", () => {
  const { argv, env } = process;
  beforeEach(() => {
    process.argv = ["node", "bertkit"];
    process.env = {};
  });
  afterEach(() => {
    Object.assign(process, { argv, env });
  });

  test("go to a terminal that has them, and to nothing else", () => {
    expect([terminal, plainTerminal, pipe].map((stream) => colorsOn(stream))).toEqual([true, false, false]);
    expect(paint("bold", "text", terminal)).toBe("\u001b[1mtext\u001b[22m");
    expect(paint("bold", "text", pipe)).toBe("text");
  });

  test("FORCE_COLOR brings them to a pipe, and with 0 takes them from a terminal", () => {
    process.env.FORCE_COLOR = "1";
    expect(colorsOn(pipe)).toBe(true);
    expect(paint(["red", "bold"], "text", pipe)).toBe("\u001b[31m\u001b[1mtext\u001b[22m\u001b[39m");
    process.env.NO_COLOR = "1";
    expect(colorsOn(pipe)).toBe(true);
    process.env.FORCE_COLOR = "0";
    expect(colorsOn(terminal)).toBe(false);
  });

  test("NO_COLOR takes them away, unless it is empty", () => {
    process.env.NO_COLOR = "1";
    expect(colorsOn(terminal)).toBe(false);
    process.env.NO_COLOR = "";
    expect(colorsOn(terminal)).toBe(true);
  });

  test("--no-color takes them away whatever the environment says, but is a text after --", () => {
    process.env.FORCE_COLOR = "1";
    process.argv = ["node", "bertkit", "info", "--no-color"];
    expect(colorsOn(terminal)).toBe(false);
    process.argv = ["node", "bertkit", "encode", "--", "--no-color"];
    expect(colorsOn(terminal)).toBe(true);
  });
});
