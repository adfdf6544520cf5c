import { expect, test } from "@jest/globals";
import { openPythonSide } from "./sides.js";

test("a Python that is not there, or has no tokenizers, is an absent rival", async () => {
  expect(await openPythonSide("no-such-python", "folder", [])).toBeUndefined();
  // Node takes the program for JavaScript and ends at once.
  expect(await openPythonSide(process.execPath, "folder", [])).toBeUndefined();
});
