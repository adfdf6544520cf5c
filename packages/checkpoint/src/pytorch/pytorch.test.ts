import { describe, expect, test } from "@jest/globals";
import type { ByteSource } from "../bytes/byte-source.js";
import { memoryBytes } from "../bytes/memory-bytes.js";
import { contentOf, openPyTorch } from "../fixtures/open-pytorch.js";
import {
  assemble,
  floats,
  little,
  numpyArray,
  oldFile,
  op,
  type Part,
  pickleOf,
  storage,
  tensor,
  within,
  zipFile,
} from "../fixtures/pickle-assembler.js";
import { isPyTorchZip } from "./is-pytorch-zip.js";
import { pyTorch } from "./pytorch.js";

const numbers = floats(0, 1, 2, 3, 4, 5);
const matrix = tensor(storage("7", 6), 0, [2, 3], [3, 1]);
const transposed = tensor(storage("7", 6), 0, [3, 2], [1, 3]);
const column = tensor(storage("7", 6), 1, [2], [3]);
const views = op.dict({ matrix, transposed, column });
const expected = { matrix: [0, 1, 2, 3, 4, 5], transposed: [0, 3, 1, 4, 2, 5], column: [1, 4] };

describe("a file of PyTorch's", () => {
  test.each([
    ["of torch.save", zipFile(views, { 7: numbers })],
    [
      "of torch.save in a little-endian archive",
      zipFile(views, { 7: numbers }, [{ name: "a model/byteorder", content: "little" }]),
    ],
    ["of torch.save before 1.6", oldFile(views, { 7: numbers })],
    [
      "of pickle.dump",
      pickleOf(
        op.dict({
          matrix: tensor([within(oldFile(storage("7", 6), { 7: numbers })), "q\x01"], 0, [2, 3], [3, 1]),
          transposed: tensor("h\x01", 0, [3, 2], [1, 3]),
          column: tensor("h\x01", 1, [2], [3]),
        }),
      ),
    ],
    [
      "of pickle.dump with archives within",
      pickleOf(
        op.dict({
          matrix: tensor(within(zipFile(storage("7", 6), { 7: numbers })), 0, [2, 3], [3, 1]),
          transposed: tensor(within(zipFile(storage("7", 6), { 7: numbers })), 0, [3, 2], [1, 3]),
          column: tensor(within(zipFile(storage("7", 6), { 7: numbers })), 1, [2], [3]),
        }),
      ),
    ],
    [
      "of NumPy arrays",
      pickleOf(
        op.dict({
          matrix: numpyArray("f4", [2, 3], op.bytes(numbers)),
          transposed: numpyArray("f4", [3, 2], op.bytes(numbers), true),
          column: numpyArray("f4", [2], op.bytes(floats(1, 4))),
        }),
      ),
    ],
  ])("%s gives its arrays", async (_, file) => {
    expect(await contentOf(file)).toEqual(expected);
  });

  test("in an archive is told by the names in it, others by their first bytes or their name", () => {
    expect(isPyTorchZip(["x/version", "x/data.pkl", "x/data/0"])).toBe(true);
    expect(isPyTorchZip(["a.npy", "data.pkl", "x/y/data.pkl"])).toBe(false);
    expect(pyTorch.recognises(pickleOf("N"), "whatever")).toBe(true);
    expect(pyTorch.recognises(assemble("(dp0\n"), "a.pkl")).toBe(true);
    expect(pyTorch.recognises(assemble("(dp0\n"), "a.txt")).toBe(false);
    expect(pyTorch.recognises(zipFile("N", {}), "a.bin")).toBe(false);
    expect(pyTorch.recognises(assemble("{}"), "a.bin")).toBe(false);
    expect(pyTorch.recognises(new Uint8Array(0), "a.bin")).toBe(false);
  });

  test("reads the rows that are asked for, and of the file no more than they cover", async () => {
    const values = floats(...Array.from({ length: 12_000 }, (_, i) => i));
    const inOrder = tensor(storage("0", 12_000), 0, [4000, 3], [3, 1]);
    const everyOther = tensor(storage("0", 12_000), 1, [2000, 2], [6, 1]);
    const file = zipFile(op.dict({ inOrder, everyOther }), { 0: values });
    const bytes = memoryBytes(file, "a.bin");
    let read = 0;
    const counting: ByteSource = {
      ...bytes,
      read(from, into) {
        read += into.length;
        return bytes.read(from, into);
      },
    };
    const source = await openPyTorch(file, counting);
    read = 0;
    expect(await source.read("inOrder", { rows: [1000, 1002] })).toEqual(
      Float32Array.of(3000, 3001, 3002, 3003, 3004, 3005),
    );
    expect(await source.read("everyOther", { rows: [1000, 1002] })).toEqual(Float32Array.of(6001, 6002, 6007, 6008));
    expect(read).toBeLessThan(200);
    await expect(source.read("everyOther", { rows: [1999, 2001] })).rejects.toMatchObject({ code: "argument" });
    await source.close();
    await expect(source.read("inOrder")).rejects.toMatchObject({ code: "closed" });
  });

  test("has scalars, empty arrays and a few elements seen many times", async () => {
    const file = zipFile(
      op.dict({
        scalar: tensor(storage("0", 2), 1, [], []),
        empty: tensor(storage("1", 0), 0, [0, 4], [4, 1]),
        expanded: tensor(storage("0", 2), 0, [3, 2], [0, 1]),
      }),
      { 0: floats(8, 9), 1: new Uint8Array(0) },
    );
    expect(await contentOf(file)).toEqual({ scalar: [9], empty: [], expanded: [8, 9, 8, 9, 8, 9] });
    const source = await openPyTorch(file);
    expect(await source.read("expanded", { rows: [1, 3] })).toEqual(Float32Array.of(8, 9, 8, 9));
    expect(source.entries.get("empty")).toMatchObject({ shape: [0, 4], dtype: "float32" });
  });

  test.each<[storageClass: string, dtype: string, content: ArrayBufferView, values: number[]]>([
    ["DoubleStorage", "float64", Float64Array.of(0.1, -1), [0.1, -1]],
    ["HalfStorage", "float16", Uint16Array.of(0x3c00, 0xc000), [1, -2]],
    ["BFloat16Storage", "bfloat16", Uint16Array.of(0x3f80, 0xc000), [1, -2]],
    ["LongStorage", "int64", BigInt64Array.of(-1n, 5n), [-1, 5]],
    ["IntStorage", "int32", Int32Array.of(-1, 5), [-1, 5]],
    ["ShortStorage", "int16", Int16Array.of(-1, 5), [-1, 5]],
    ["CharStorage", "int8", Int8Array.of(-1, 5), [-1, 5]],
    ["ByteStorage", "uint8", Uint8Array.of(255, 5), [255, 5]],
    ["BoolStorage", "bool", Uint8Array.of(1, 0), [1, 0]],
  ])("with a %s has %s, in order and turned round", async (storageClass, dtype, { buffer }, values) => {
    const pair = tensor(storage("0", 2, storageClass), 0, [2], [1]);
    const spread = tensor(storage("0", 2, storageClass), 0, [2, 2], [0, 1]);
    const file = zipFile(op.dict({ pair, spread }), { 0: new Uint8Array(buffer) });
    expect(await contentOf(file)).toEqual({ pair: values, spread: [...values, ...values] });
    expect((await openPyTorch(file)).entries.get("spread")).toMatchObject({ dtype, shape: [2, 2] });
  });

  test("has the types that are of no storage: the bytes are untyped", async () => {
    const untyped = storage("0", 4, "UntypedStorage");
    const args = ["K\0", op.tuple("K\x02"), op.tuple("K\x01"), "\x89N", op.global("torch", "uint16")];
    const file = zipFile(op.dict({ a: op.call("torch._utils", "_rebuild_tensor_v3", untyped, ...args) }), {
      0: assemble(little(65535, 2), little(3, 2)),
    });
    expect(await contentOf(file)).toEqual({ a: [65535, 3] });
  });

  test("has parameters, attributes and tensors from other devices as the tensors they are", async () => {
    const utils = (name: string, ...args: Part[]) => op.call("torch._utils", name, ...args);
    const args = [storage("7", 6), "K\0", op.tuple("K\x01"), op.tuple("K\x01"), "\x89N"];
    const file = zipFile(
      op.dict({
        a: utils("_rebuild_parameter", matrix, "\x88N"),
        b: utils("_rebuild_parameter_with_state", matrix, "\x88N}"),
        c: op.call(
          "torch._tensor",
          "_rebuild_from_type_v2",
          op.global("torch._utils", "_rebuild_tensor_v2"),
          op.global("torch.nn.parameter", "Parameter"),
          op.tuple(...args),
          "}",
        ),
        d: utils("_rebuild_device_tensor_from_numpy", numpyArray("f4", [1], op.bytes(floats(7))), "NN\x89"),
        e: utils("_rebuild_tensor", ...args.slice(0, 4)),
      }),
      { 7: numbers },
    );
    expect(await contentOf(file)).toEqual({ a: expected.matrix, b: expected.matrix, c: [0], d: [7], e: [0] });
  });

  test("of the old format has storages that are parts of others", async () => {
    const part = storage("7", 6, "FloatStorage", [op.tuple(op.text("8"), "K\x02", "K\x03")]);
    const file = oldFile(
      op.dict({ part: tensor(part, 1, [2], [1]), whole: tensor(storage("7", 6, "FloatStorage", ["N"]), 0, [6], [1]) }),
      { 7: numbers },
    );
    expect(await contentOf(file)).toEqual({ part: [3, 4], whole: [0, 1, 2, 3, 4, 5] });
  });
});
