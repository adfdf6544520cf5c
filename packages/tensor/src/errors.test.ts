import { describe, expect, test } from "@jest/globals";
import { DisposedError, ShapeError, UnsupportedError } from "./errors.js";

describe("errors", () => {
  test.each([
    [ShapeError, "ShapeError", "SHAPE"],
    [DisposedError, "DisposedError", "DISPOSED"],
    [UnsupportedError, "UnsupportedError", "UNSUPPORTED"],
  ])("%p has a name, a code and a text", (Kind, name, code) => {
    const error = new Kind("what was wanted, what came");
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.code, String(error)]).toEqual([name, code, `${name}: what was wanted, what came`]);
  });
});
