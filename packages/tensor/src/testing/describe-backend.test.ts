import { afterEach, describe, expect, test } from "@jest/globals";
import type { Backend } from "../backend.js";
import { alteredReference, withKernels } from "../fixtures/altered-backend.js";
import { collectedTests, type Outcome } from "../fixtures/collected-tests.js";
import { fusedReference } from "../fixtures/fused-reference.js";
import { openReference } from "../reference/open-reference.js";
import { describeBackend } from "./describe-backend.js";
import type { OpenBackend } from "./use-backend.js";

const outcomesOf = (open: OpenBackend, name = "subject"): Promise<Outcome[]> =>
  collectedTests(() => describeBackend(name, open));

async function failuresOf(open: () => Backend): Promise<{ titles: string; messages: string; count: number }> {
  const failed = (await outcomesOf(open)).filter(({ state }) => state === "failed");
  return {
    titles: failed.map(({ title }) => title.replace("backend subject › ", "")).join("\n"),
    messages: failed.map(({ message }) => message).join("\n"),
    count: failed.length,
  };
}

describe("describeBackend passes", () => {
  test("a backend that is right, with fused kernels and without", async () => {
    for (const open of [() => openReference(), () => fusedReference().backend]) {
      const outcomes = await outcomesOf(open);
      expect(outcomes.length).toBeGreaterThan(150);
      expect(outcomes.filter(({ state }) => state !== "passed")).toEqual([]);
    }
  });
});

describe("describeBackend catches", () => {
  test("the tanh GELU in the place of the exact one", async () => {
    const { titles, messages } = await failuresOf(() =>
      withKernels((truth) => ({ unary: (kind, x, out) => truth.unary(kind === "gelu" ? "geluTanh" : kind, x, out) })),
    );
    expect(titles.split("\n")).toEqual([
      "computes like the reference › gelu",
      "computes like the reference › gelu, without a gradient the same",
      "computes like the reference › linear with gelu",
      "computes like the reference › linear with gelu, without a gradient the same",
    ]);
    expect(messages).toMatch(/Error: output: element \d+ is .*, expected .* \(off by .*, allowed 1e-5\)/);
  });

  test("a wrong gradient behind a right output", async () => {
    const { titles, messages } = await failuresOf(() =>
      withKernels((truth) => ({ softmaxGradient: (y, dy, out) => truth.binary("multiply", y, dy, out) })),
    );
    expect(titles).toBe("computes like the reference › softmax");
    expect(messages).toContain("gradient of input 0: element");
  });

  test("a fused kernel that is wrong, and one whose backward is", async () => {
    const wrongForward = await failuresOf(() =>
      alteredReference(({ kernels }) => ({
        fused: { layerNorm: { forward: (x, _r, _w, _b, _e, out) => kernels.copy(x, 0, out, 0, 1) } },
      })),
    );
    expect(wrongForward.titles).toContain("layerNorm, without a gradient the same");
    const wrongBackward = await failuresOf(() => {
      const { backend } = fusedReference();
      const { forward } = backend.fused.layerNorm!;
      return Object.create(backend, {
        fused: {
          value: {
            layerNorm: {
              forward,
              backward: (_x: never, _r: never, _w: never, _d: never, _e: never, gradients: Record<string, never>) => {
                for (const view of Object.values(gradients)) backend.kernels.fill(0, view);
              },
            },
          },
        },
      }) as Backend;
    });
    expect(wrongBackward.titles).toBe(
      "computes like the reference › layerNorm\ncomputes like the reference › layerNorm with residual",
    );
  });

  test("memory that is not given back", async () => {
    const { count, messages } = await failuresOf(() => alteredReference(() => ({ release: () => undefined })));
    expect(count).toBeGreaterThan(150);
    expect(messages).toMatch(/\d+ buffers are still allocated after this test: dispose of them or use tidy/);
  });

  test("reading that hands out the memory itself", async () => {
    const { titles } = await failuresOf(() =>
      alteredReference(() => ({ read: async (buffer) => buffer as unknown as Float32Array })),
    );
    expect(titles).toContain("keeps memory › what was read is a copy");
  });

  test("a prepared weight that does not come back", async () => {
    const { titles } = await failuresOf(() =>
      alteredReference((truth) => ({
        prepare(weight, use) {
          truth.kernels.unary("negate", weight, weight);
          return truth.prepare(weight, use);
        },
      })),
    );
    expect(titles.split("\n").every((title) => title.includes("prepare"))).toBe(true);
    expect(titles).toContain("prepares weights › [33, 20]");
  });

  test("int8 weights that are multiplied with x itself, not with its levels", async () => {
    const { titles } = await failuresOf(() =>
      alteredReference(({ kernels }) => ({
        kernels: {
          ...kernels,
          quantizedLinear(x, weight, scale, bias, activation, out) {
            kernels.matmul(x, weight, out, { transposeA: false, transposeB: true });
            kernels.binary("multiply", out, scale, out);
            if (bias) kernels.binary("add", out, bias, out);
            if (activation) kernels.unary(activation, out, out);
          },
        },
      })),
    );
    expect(titles).toContain("computes with int8 weights › halves are rounded to even");
    expect(titles.split("\n").every((title) => title.startsWith("computes with int8 weights"))).toBe(true);
  });

  test("a row whose numbers depend on its neighbours", async () => {
    const { titles } = await failuresOf(() =>
      withKernels((truth) => ({
        matmul(a, b, out, options) {
          truth.matmul(a, b, out, options);
          // The first row of every product is rounded in another way.
          const first = (out.buffer as unknown as Float32Array).subarray(0, out.shape.at(-1));
          for (const [i, value] of first.entries()) first[i] = value * (1 + 2 ** -22);
        },
      })),
    );
    expect(titles).toContain("gives a row the same numbers in any company › linear, a row");
    expect(titles).not.toContain("computes like the reference");
  });
});

describe("a backend whose device is absent", () => {
  const saved = process.env.REQUIRED_BACKENDS;
  afterEach(() => {
    if (saved === undefined) delete process.env.REQUIRED_BACKENDS;
    else process.env.REQUIRED_BACKENDS = saved;
  });

  test("is skipped, visibly, where nothing requires it", async () => {
    process.env.REQUIRED_BACKENDS = "wasm";
    expect(await outcomesOf(() => undefined, "gpu")).toEqual([
      { title: "backend gpu › its device is absent here", state: "skipped", message: "" },
    ]);
  });

  test("fails every test where it is required", async () => {
    process.env.REQUIRED_BACKENDS = "wasm, gpu";
    const outcomes = await outcomesOf(() => undefined, "gpu");
    expect(outcomes.length).toBeGreaterThan(150);
    for (const { state, message } of outcomes) {
      expect(state).toBe("failed");
      expect(message).toContain("this backend's device is absent here");
    }
  });
});
