import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { findOffences } from "./find-offences.js";
import { showOffence } from "./offence.js";
import { readTree } from "./read-tree.js";

const repository = fileURLToPath(new URL("../../..", import.meta.url));

test("no package of this repository imports or depends on what docs/architecture.md does not allow", async () => {
  const tree = await readTree(repository);
  // An empty tree would pass as well.
  expect([...tree.keys()].filter((path) => path.startsWith("packages/tensor/src/")).length).toBeGreaterThan(10);
  expect(findOffences(tree).map(showOffence)).toEqual([]);
});
