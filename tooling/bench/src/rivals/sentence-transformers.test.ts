import { expect, test } from "@jest/globals";
import { openSentenceTransformers } from "./sentence-transformers.js";

test("a Python that is not there, or has no such package, is an absent rival", async () => {
  expect(await openSentenceTransformers("no-such-python", "folder", 1)).toBeUndefined();
  // Node takes the program for JavaScript and ends at once.
  expect(await openSentenceTransformers(process.execPath, "folder", 1)).toBeUndefined();
});
