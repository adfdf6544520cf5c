import type { Head } from "@bertkit/heads";
import type { EncoderOutput } from "@bertkit/layers";
import { type Backend, openReference, relu, ShapeError, scale, Tensor, tidy } from "@bertkit/tensor";
import { checkGradients, expectClose, useBackend } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { describe, expect, test } from "@jest/globals";
import { findReplacedTokenNames, ReplacedTokenDetection } from "./replaced-token-detection.js";

/** Hidden states of two sequences, of two tokens and of one, [3, 2]. */
const encodedOn = (backend: Backend): EncoderOutput => ({
  hidden: Tensor.from(backend, Float32Array.of(1, 2, -1, 3, 0.5, -2), [3, 2]),
  layers: [],
  attention: [],
  pooled: undefined,
  offsets: Int32Array.of(0, 2, 3),
});

function placedHead(backend: Backend): ReplacedTokenDetection {
  const head = new ReplacedTokenDetection({ width: 2, activation: relu });
  const numbers = { "dense.weight": [1, 0, 0, -1], "dense.bias": [0, 1], "prediction.weight": [2, -4] };
  const all: Readonly<Record<string, readonly number[]>> = { ...numbers, "prediction.bias": [0.5] };
  for (const [path, parameter] of head.parameters()) parameter.place(backend, Float32Array.from(all[path]!));
  return head;
}

// relu(x, 1 − y) of each token is (1, 0), (0, 0) and (0.5, 3); times (2, −4), plus a half:
const logits = [2.5, 0.5, -10.5];

describe.each(Object.entries({ reference: () => openReference({ precision: "float64" }), wasm: () => openWasm() }))(
  "replaced token detection on the %s backend",
  (_, open) => {
    const backend = useBackend(open);

    test("gives a logit a token", async () => {
      using head = placedHead(backend());
      using result = tidy(() => head.forward(encodedOn(backend())));
      expect(result.shape).toEqual([3]);
      expectClose(await result.read(), logits, "float32");
    });

    test("has the mean surprise at the labels as its loss", async () => {
      using head = placedHead(backend());
      using loss = tidy(() => head.loss(encodedOn(backend()), Int32Array.of(1, 0, 0)));
      // −log σ(2.5), −log(1 − σ(0.5)), −log(1 − σ(−10.5))
      expectClose(await loss.read(), [(0.0788897 + 0.974077 + 0.0000275) / 3], "float32");
    });

    test("refuses labels that do not fit", () => {
      using head = placedHead(backend());
      const lossOf = (...labels: number[]) =>
        tidy(() => head.loss(encodedOn(backend()), Int32Array.from(labels))).dispose();
      expect(() => lossOf(1, 0)).toThrow(new ShapeError("2 labels for 3 tokens: give each one"));
      expect(() => lossOf(1, 0, -100)).toThrow("label -100 of token 2 is neither 0 (original) nor 1 (replaced)");
    });
  },
);

describe("replaced token detection", () => {
  const backend = useBackend(() => openReference({ precision: "float64" }));

  test("has the gradient of finite differences", async () => {
    using head = placedHead(backend());
    const loss = () => scale(head.loss(encodedOn(backend()), Int32Array.of(1, 0, 1)), 100);
    await checkGradients(new Map(head.parameters()), loss);
  });

  test("answers how probable it is that each token of a sequence was replaced, and is a head", () => {
    const head: Head<Int32Array, Float32Array> = new ReplacedTokenDetection({ width: 2 });
    const expected = [0.9241418, 0.6224593, 0.0000275];
    const values = Float64Array.from(logits);
    expectClose(head.answer(values, [3])[0]!, expected, "float32");
    const answers = new ReplacedTokenDetection({ width: 2 }).answer(values, [3], [{ length: 2 }, { length: 1 }]);
    expect(answers.map(({ length }) => length)).toEqual([2, 1]);
    expectClose([...answers[0]!, ...answers[1]!], expected, "float32");
  });

  test("refuses encodings of other tokens", () => {
    const head = new ReplacedTokenDetection({ width: 2 });
    expect(() => head.answer(Float64Array.from(logits), [3], [{ length: 2 }])).toThrow(
      new ShapeError("3 logits for encodings of 2 tokens: give the encodings that the batch was packed from"),
    );
  });

  test("is found in a file that has all of it, with a prefix or without", () => {
    const names = ["dense.weight", "dense.bias", "dense_prediction.weight", "dense_prediction.bias"];
    for (const prefix of ["", "module."]) {
      const all = names.map((name) => `${prefix}discriminator_predictions.${name}`);
      expect(findReplacedTokenNames(new Set(all))!("prediction.bias").name).toBe(all[3]);
      expect(findReplacedTokenNames(new Set(all.slice(1)))).toBeUndefined();
    }
  });
});
