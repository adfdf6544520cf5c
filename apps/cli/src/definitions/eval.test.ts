import { dataTasks } from "@bertkit/data";
import { mlqaLanguages, strictEntitiesOf } from "@bertkit/metrics";
import { expect, test } from "@jest/globals";
import { evalTaskNames, mlqaLanguageNames, tagSchemeNames } from "./eval.js";

test("the choices are those of the packages, which help does not load", () => {
  expect([...evalTaskNames].sort()).toEqual(Object.keys(dataTasks).sort());
  expect([...mlqaLanguageNames].sort()).toEqual([...mlqaLanguages].sort());
  for (const scheme of tagSchemeNames) expect(strictEntitiesOf(["O"], scheme)).toEqual([]);
});
