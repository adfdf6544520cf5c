import { ShapeError } from "@bertkit/tensor";
import { describe, expect, test } from "@jest/globals";
import { checkBatch, checkLengths } from "./check-batch.js";

const batch = {
  ids: Int32Array.of(4, 5, 6, 7, 8),
  typeIds: new Int32Array(5),
  positions: Int32Array.of(0, 1, 0, 1, 2),
  offsets: Int32Array.of(0, 2, 5),
};

describe("checkBatch", () => {
  test.each([
    ["two sequences", batch],
    [
      "none",
      {
        ...batch,
        ids: Int32Array.of(),
        typeIds: Int32Array.of(),
        positions: Int32Array.of(),
        offsets: Int32Array.of(0),
      },
    ],
  ])("takes %s", (_, fitting) => {
    expect(() => checkBatch(fitting)).not.toThrow();
  });

  const rising = "a packed batch needs offsets that rise from 0 to its 5 tokens, no sequence empty, got";

  test.each([
    ["no offsets", { offsets: Int32Array.of() }, `${rising} []`],
    ["offsets that begin elsewhere", { offsets: Int32Array.of(1, 5) }, `${rising} [1, 5]`],
    ["offsets that end too late", { offsets: Int32Array.of(0, 6) }, `${rising} [0, 6]`],
    ["an empty sequence", { offsets: Int32Array.of(0, 2, 2, 5) }, `${rising} [0, 2, 2, 5]`],
    ["many offsets, cut short", { offsets: new Int32Array(99) }, `${rising} [0, 0, 0, 0, 0, 0, 0, 0, …]`],
    ["too few types", { typeIds: Int32Array.of(0) }, "a packed batch of 5 ids has 1 type ids and 5 positions"],
    ["too many positions", { positions: new Int32Array(6) }, "a packed batch of 5 ids has 5 type ids and 6 positions"],
  ])("refuses %s", (_, wrong, message) => {
    expect(() => checkBatch({ ...batch, ...wrong })).toThrow(new ShapeError(message));
  });
});

test("checkLengths refuses a sequence longer than the positions, and none as long", () => {
  expect(() => checkLengths(batch.offsets, 3)).not.toThrow();
  expect(() => checkLengths(batch.offsets, 2)).toThrow(
    new ShapeError("sequence 1 has 3 tokens, this model takes 2: truncate it when tokenising"),
  );
});
