import { expect, test } from "@jest/globals";
import { devices, poolingModes } from "bertkit";
import { deviceNames, poolingNames } from "./program.js";

test("--device and --pooling take what bertkit has", () => {
  expect([...deviceNames].sort()).toEqual([...devices].sort());
  expect([...poolingNames].sort()).toEqual([...poolingModes].sort());
});
