import { openReference, type Parameter, UnsupportedError, type Values } from "@bertkit/tensor";
import { useBackend } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { describe, expect, test } from "@jest/globals";
import { filled } from "./fixtures/filled.js";
import { counting, type MemoryArray, memorySource } from "./fixtures/memory-source.js";
import { CheckpointMismatchError, Embedding, FeedForward, Linear, type Module, nameTable } from "./index.js";

const backends = { reference: () => openReference(), wasm: () => openWasm() };
const feedForward = () => new FeedForward({ width: 2, innerWidth: 3 });
const arrays = {
  "expand.weight": counting(3, 2),
  "expand.bias": counting(3),
  "contract.weight": counting(2, 3),
  "contract.bias": counting(2),
};

/** What is wrong with these arrays for this module. */
async function problemsOf(module: Module, source: Record<string, MemoryArray>): Promise<readonly string[]> {
  using backend = openReference();
  const error = await module.load(memorySource(source), backend).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(backend.memory.buffers).toBe(0);
  if (!(error instanceof CheckpointMismatchError)) throw error ?? new Error("it loaded");
  expect(error.code).toBe("CHECKPOINT_MISMATCH");
  expect(error.message).toBe(`checkpoint does not fit this model: ${error.problems.join("; ")}`);
  return error.problems;
}

describe("loading is strict", () => {
  test("every missing name and wrong shape at once, before anything is read", async () => {
    const problems = await problemsOf(feedForward(), {
      "expand.weight": counting(2, 3),
      "contract.weight": counting(6),
      "contract.bias": counting(2),
    });
    expect(problems).toEqual([
      "expand.weight is [2, 3], expand.weight needs [3, 2]",
      "missing expand.bias (for expand.bias)",
      "contract.weight is [6], contract.weight needs [2, 3]",
    ]);
  });

  test("integers are not weights", async () => {
    const integers = { shape: [3], values: new Int32Array(3), dtype: "int64" };
    expect(await problemsOf(feedForward(), { ...arrays, "expand.bias": integers })).toEqual([
      "expand.bias is int64, expand.bias needs floating-point numbers",
    ]);
  });

  test("half precision is: the source widens it", async () => {
    using backend = openReference();
    using linear = new Linear(1, 1, { bias: false });
    await linear.load(memorySource({ weight: { ...counting(1, 1), dtype: "bfloat16" } }), backend);
    expect(await linear.weight.read()).toEqual(Float32Array.of(0));
  });

  test("a transposed array must have the reverse shape", async () => {
    using backend = openReference();
    const names = nameTable([["weight", "kernel", "transposed"]]);
    const loading = new Linear(2, 3, { bias: false }).load(memorySource({ kernel: counting(3, 2) }), backend, {
      names,
    });
    await expect(loading).rejects.toThrow("kernel is [3, 2], weight needs [2, 3]");
  });

  test("a path that the table does not know", async () => {
    using backend = openReference();
    const loading = new Linear(2, 3).load(memorySource({}), backend, { names: nameTable([]) });
    await expect(loading).rejects.toThrow(UnsupportedError);
  });
});

describe.each(Object.entries(backends))("on the %s backend", (_, open) => {
  const backend = useBackend(open);

  test("loads what it asks for and names the rest", async () => {
    using module = feedForward();
    const source = memorySource({
      ...arrays,
      "cls.bias": counting(4),
      step: { shape: [], values: Int32Array.of(7), dtype: "int64" },
    });
    expect(await module.load(source, backend())).toEqual({ unused: ["cls.bias", "step"] });
    for (const [path, parameter] of module.parameters()) {
      expect(await parameter.read()).toEqual(arrays[path as keyof typeof arrays].values);
    }
    expect(source.reads.map(([name]) => name)).toEqual(Object.keys(arrays));
  });

  test("loading over what was loaded, prepared even, takes no more memory", async () => {
    using module = filled(feedForward(), backend()).prepare();
    const { buffers } = backend().memory;
    await module.load(memorySource(arrays), backend());
    expect(backend().memory.buffers).toBe(buffers);
    expect(module.expand.weight.prepared).toBe(false);
    expect(await module.expand.weight.read()).toEqual(arrays["expand.weight"].values);
  });

  test("[inputs, outputs] becomes [outputs, inputs]", async () => {
    using linear = new Linear(2, 3, { bias: false });
    const names = nameTable([["weight", "kernel", "transposed"]]);
    await linear.load(memorySource({ kernel: counting(2, 3) }), backend(), { names });
    expect([...(await linear.weight.read())]).toEqual([0, 3, 1, 4, 2, 5]);
  });

  test("transposed arrays come in pieces of whole rows, each read once, a large one before a small one", async () => {
    using linears = new FeedForward({ width: 500, innerWidth: 1001 });
    const names = nameTable([
      ["expand.weight", "expand/kernel", "transposed"],
      ["expand.bias", "expand/bias"],
      ["contract.weight", "contract/kernel", "transposed"],
      ["contract.bias", "contract/bias"],
    ]);
    // 1 MiB holds 261 rows of 1001 numbers, 524 of 500.
    const kernels = { "expand/kernel": counting(500, 1001), "contract/kernel": counting(1001, 500) };
    const source = memorySource({ ...kernels, "expand/bias": counting(1001), "contract/bias": counting(500) });
    await linears.load(source, backend(), { names });
    expect(source.reads).toEqual([
      ["expand/kernel", [0, 261]],
      ["expand/kernel", [261, 500]],
      ["expand/bias"],
      ["contract/kernel", [0, 524]],
      ["contract/kernel", [524, 1001]],
      ["contract/bias"],
    ]);
    for (const part of ["expand", "contract"] as const) {
      const theirs = kernels[`${part}/kernel`].values;
      const [outputs, inputs] = linears[part].weight.shape as readonly [number, number];
      const expected = Float32Array.from(theirs, (_, i) => theirs[(i % inputs) * outputs + Math.floor(i / inputs)]!);
      expect(Buffer.compare(bytes(await linears[part].weight.read()), bytes(expected))).toBe(0);
    }
  });

  test("a parameter can be prepared as soon as it is filled, before the next is read", async () => {
    using module = feedForward();
    const source = memorySource(arrays);
    const filled: (readonly [values: Values, reads: number])[] = [];
    const reading: Promise<void>[] = [];
    const onFilled = (parameter: Parameter) => {
      parameter.prepare();
      const reads = source.reads.length;
      reading.push(parameter.read().then((values) => void filled.push([values, reads])));
    };
    await module.load(source, backend(), { onFilled });
    await Promise.all(reading);
    expect(filled).toEqual(Object.values(arrays).map(({ values }, i) => [values, i + 1]));
    expect(module.expand.weight.prepared).toBe(true);
  });

  test("what was prepared is given back too when a later read fails", async () => {
    const before = backend().memory;
    const source = memorySource(arrays, (count) => {
      if (count === 2) throw new Error("the disk is gone");
    });
    const onFilled = (parameter: Parameter) => parameter.prepare();
    await expect(feedForward().load(source, backend(), { onFilled })).rejects.toThrow("the disk is gone");
    expect(backend().memory).toEqual(before);
  });

  test("a large array comes in pieces of whole rows, and is the same", async () => {
    // 1 MiB holds 87 rows of 3001 numbers.
    const [rows, width] = [200, 3001];
    using embedding = new Embedding(rows, width);
    const source = memorySource({ weight: counting(rows, width) });
    await embedding.load(source, backend());
    expect(source.reads).toEqual([
      ["weight", [0, 87]],
      ["weight", [87, 174]],
      ["weight", [174, 200]],
    ]);
    expect(Buffer.compare(bytes(await embedding.weight.read()), bytes(counting(rows, width).values))).toBe(0);
  });

  test("a row longer than a piece is one piece", async () => {
    const width = 2 ** 20 + 1;
    using embedding = new Embedding(2, width);
    const source = memorySource({ weight: counting(2, width) });
    await embedding.load(source, backend());
    expect(source.reads.map(([, range]) => range)).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect((await embedding.weight.read()).at(-1)).toBe(Math.fround(2 * width - 1));
  });

  test.each([0, 1, 3])("a source that fails at read %i leaves nothing allocated", async (failing) => {
    const before = backend().memory;
    const module = feedForward();
    const source = memorySource(arrays, (count) => {
      if (count === failing) throw new Error("the disk is gone");
    });
    await expect(module.load(source, backend())).rejects.toThrow("the disk is gone");
    expect(backend().memory).toEqual(before);
    expect(Array.from(module.parameters(), ([, parameter]) => parameter.placed)).toEqual([false, false, false, false]);
  });

  test("a source that fails between two pieces leaves nothing allocated", async () => {
    const source = memorySource({ weight: counting(800, 3001) }, (count) => {
      if (count === 1) throw new Error("the disk is gone");
    });
    await expect(new Embedding(800, 3001).load(source, backend())).rejects.toThrow("the disk is gone");
  });

  test("a signal stops it between two arrays, whatever the source does, and nothing stays", async () => {
    const stop = new AbortController();
    const source = memorySource(arrays, (count) => {
      if (count === 1) stop.abort(new Error("enough"));
    });
    await expect(feedForward().load(source, backend(), { signal: stop.signal })).rejects.toThrow("enough");
    expect(source.reads).toHaveLength(2);
  });

  test("two modules share a checkpoint, each under its own names", async () => {
    const source = memorySource({ "first.weight": counting(2, 2), "second.weight": counting(3, 2) });
    const names = (part: string) => ({ names: (path: string) => ({ name: `${part}.${path}`, transposed: false }) });
    using first = new Linear(2, 2, { bias: false });
    using second = new Linear(2, 3, { bias: false });
    expect((await first.load(source, backend(), names("first"))).unused).toEqual(["second.weight"]);
    expect((await second.load(source, backend(), names("second"))).unused).toEqual(["first.weight"]);
    expect((await second.weight.read()).length).toBe(6);
  });
});

const bytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
