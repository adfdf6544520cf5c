import { expect, test } from "@jest/globals";
import { defaultModel, devices, poolingModes } from "bertkit";
import { usualValues } from "../settings/setting.js";
import { deviceNames, poolingNames } from "./options.js";

test("what help says without loading bertkit is what bertkit has", () => {
  expect([...deviceNames].sort()).toEqual([...devices].sort());
  expect([...poolingNames].sort()).toEqual([...poolingModes].sort());
  expect(usualValues.model).toBe(defaultModel);
});
