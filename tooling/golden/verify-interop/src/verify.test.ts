import { describe, expect, test } from "@jest/globals";
import { environmentOf, findPython, verify } from "./verify.js";

const title = "Python's libraries read what we write";
const isRequired = process.env.REQUIRED_PYTHON !== undefined;
const program = findPython();
const found = program === undefined ? { problem: "there is no Python 3.11 with venv" } : environmentOf(program);

if ("problem" in found && !isRequired) {
  describe.skip(`${title} [skipped: ${found.problem.split("\n")[0]}]`, () => {
    test("every format and head", () => {});
  });
} else {
  describe(title, () => {
    test("every format and head", () => {
      if ("problem" in found) throw new Error(`REQUIRED_PYTHON is set, and ${found.problem}`);
      const { passed, output } = verify(found.python);
      expect({ passed, output: passed ? "" : output }).toEqual({ passed: true, output: "" });
      expect(output).toMatch(/^\d\d passed, 0 failed$/m);
    }, 300_000);
  });
}
