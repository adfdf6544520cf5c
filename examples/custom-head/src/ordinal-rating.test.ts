import type { EncoderOutput } from "@bertkit/layers";
import { type Backend, openReference, RandomStream, ShapeError, Tensor, tidy } from "@bertkit/tensor";
import { checkGradients, expectClose, useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { openBackend } from "bertkit";
import { OrdinalRating } from "./ordinal-rating.js";

const offsets = Int32Array.of(0, 2, 3);
/** Of two texts, of two tokens and of one; their means are (2, 1) and (0, −1). */
const hiddenStates = Float32Array.of(1, 2, 3, 0, 0, -1);

const encoded = (hidden: Tensor): EncoderOutput => ({ hidden, offsets, layers: [], attention: [], pooled: undefined });

/** Three levels; the texts score 5 and −1, the thresholds lie at 1 and 4. */
function made(backend: Backend): OrdinalRating {
  const head = new OrdinalRating({ width: 2, levels: 3 });
  head.score.weight.place(backend, Float32Array.of(2, 1));
  head.thresholds.place(backend, Float32Array.of(-1, -4));
  return head;
}

describe.each(Object.entries({ reference: () => openReference(), wasm: () => openBackend({ device: "wasm" }) }))(
  "the head for ratings on the %s backend",
  (_, open) => {
    const backend = useBackend(open);

    test("a logit for each threshold, and the level is how many are passed", async () => {
      using head = made(backend());
      using hidden = Tensor.from(backend(), hiddenStates, [3, 2]);
      using logits = tidy(() => head.forward(encoded(hidden)));
      const values = await logits.read();
      expectClose(values, [4, 1, -2, -5], "float32");
      const answers = head.answer(values, logits.shape);
      expect(answers.map(({ level }) => level)).toEqual([2, 0]);
      // σ(4), σ(1), σ(−2), σ(−5)
      const sigmoids = [0.98201379, 0.7310585786, 0.119202922, 0.0066928509];
      expectClose(
        answers.flatMap(({ atLeast }) => atLeast),
        sigmoids,
        "float32",
      );
    });

    test("a rating one level off costs less than one two levels off", async () => {
      using head = made(backend());
      using hidden = Tensor.from(backend(), hiddenStates, [3, 2]);
      const lossOf = async (...levels: number[]) => {
        using loss = tidy(() => head.loss(encoded(hidden), Int32Array.from(levels)));
        return (await loss.read())[0]!;
      };
      const softplus = (x: number) => Math.log1p(Math.exp(x));
      const right = (softplus(-4) + softplus(-1) + softplus(-2) + softplus(-5)) / 4;
      expectClose([await lossOf(2, 0)], [right], "float32");
      expectClose([await lossOf(1, 0)], [right + 1 / 4], "float32");
      expectClose([await lossOf(0, 0)], [right + 5 / 4], "float32");
    });

    test("levels that are none, or not one a text, are an error", () => {
      using head = made(backend());
      using hidden = Tensor.from(backend(), hiddenStates, [3, 2]);
      for (const levels of [[0], [0, 3], [-1, 0]]) {
        expect(() => tidy(() => head.loss(encoded(hidden), Int32Array.from(levels)))).toThrow(
          new ShapeError(`OrdinalRating: wanted 2 levels from 0 to 2, got [${levels}]`),
        );
      }
    });
  },
);

describe("the head for ratings in double precision", () => {
  const backend = useBackend(() => openReference({ precision: "float64" }));
  const labels = Int32Array.of(1, 0);

  test("its gradients equal finite differences, with dropout too", async () => {
    using head = made(backend());
    using hidden = Tensor.from(backend(), hiddenStates, [3, 2]);
    await checkGradients(new Map(head.parameters()), () => head.loss(encoded(hidden), labels));
    using dropping = new OrdinalRating({ width: 2, levels: 3, dropoutRate: 0.5 });
    dropping.initialize(backend(), new RandomStream(1));
    await checkGradients(new Map(dropping.parameters()), () =>
      dropping.loss(encoded(hidden), labels, new RandomStream(3)),
    );
  });
});
