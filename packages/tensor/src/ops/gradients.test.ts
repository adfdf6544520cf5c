import { describe, test } from "@jest/globals";
import { RandomStream } from "../random.js";
import { openReference } from "../reference/open-reference.js";
import { sizeOf } from "../shape.js";
import { checkGradients, placed, weightedSum } from "../testing/numeric-gradient.js";
import { opCases } from "../testing/op-cases.js";
import { useBackend } from "../testing/use-backend.js";

describe("the gradient of every op equals finite differences", () => {
  const backend = useBackend(() => openReference({ precision: "float64" }));
  test.each(opCases.map((op) => [op.name, op] as const))("%s", async (_, op) => {
    const random = new RandomStream(21);
    const draw = (): number => (op.positive ? 0.5 + 2.5 * random.uniform() : random.normal());
    const inputs = op.shapes.map((shape) =>
      placed(backend(), Float64Array.from({ length: sizeOf(shape) }, draw), shape),
    );
    await checkGradients(new Map(inputs.map((input, i) => [`input ${i}`, input])), () =>
      weightedSum(op.run(...inputs)),
    );
    for (const input of inputs) input.dispose();
  });
});
