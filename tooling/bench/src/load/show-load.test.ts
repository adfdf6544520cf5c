import { expect, test } from "@jest/globals";
import { describeMachine } from "../machine.js";
import { showLoad } from "./show-load.js";

test("memory is that above an empty process, and its ratio to the weights", () => {
  const row = { container: "PyTorch", from: "disk", opened: 3.21, firstTensor: 9.99, loaded: 1234.5 } as const;
  const text = showLoad({
    program: "load",
    machine: describeMachine(),
    rounds: 3,
    weightBytes: 400e6,
    emptyBytes: 50e6,
    rows: [{ ...row, residentPeak: 530e6 }],
  });
  expect(text).toMatch(/^PyTorch +disk +3\.2 +10\.0 +123[45] +480 +1\.20$/m);
  expect(text).toContain("400 MB in float32");
});
