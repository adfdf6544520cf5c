import { expect, test } from "@jest/globals";
import { defaultModel, devices, poolingModes, precisions, scores } from "bertkit";
import { usualValues } from "../settings/setting.js";
import { deviceNames, poolingNames, precisionNames, scoreNames } from "./options.js";

test("what help says without loading bertkit is what bertkit has", () => {
  expect([...deviceNames].sort()).toEqual([...devices].sort());
  expect([...poolingNames].sort()).toEqual([...poolingModes].sort());
  expect([...precisionNames].sort()).toEqual([...precisions].sort());
  expect([...scoreNames].sort()).toEqual([...scores].sort());
  expect(usualValues.model).toBe(defaultModel);
});
