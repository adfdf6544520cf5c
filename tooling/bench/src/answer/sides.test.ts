import { expect, test } from "@jest/globals";
import { openPipeline } from "./sides.js";

test("a Python that is not there, or has no such pipeline, is an absent rival", async () => {
  const options = { folder: "folder", threads: 1, batch: 1 };
  expect(await openPipeline({ ...options, python: "no-such-python" })).toBeUndefined();
  // Node takes the program for JavaScript and ends at once.
  expect(await openPipeline({ ...options, python: process.execPath })).toBeUndefined();
});
