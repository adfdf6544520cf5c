import { describe, expect, test } from "@jest/globals";
import { memoryBytes } from "../bytes/memory-bytes.js";
import { failureOf, openPyTorch } from "../fixtures/open-pytorch.js";
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
import { zipArchive } from "../fixtures/zip-archive.js";

const numbers = floats(0, 1, 2, 3, 4, 5);
const matrix = tensor(storage("7", 6), 0, [2, 3], [3, 1]);
const transposed = tensor(storage("7", 6), 0, [3, 2], [1, 3]);
const column = tensor(storage("7", 6), 1, [2], [3]);
const views = op.dict({ matrix, transposed, column });

describe("a file of PyTorch's that is hostile or broken", () => {
  const utils = (name: string, ...args: Part[]) => op.call("torch._utils", name, ...args);
  test.each<[title: string, value: Part, names: string]>([
    ["sparse", utils("_rebuild_sparse_tensor", "N", op.tuple(matrix, column, op.tuple("K\x02K\x03"))), "sparse"],
    ["quantized", utils("_rebuild_qtensor", "NK\0", op.tuple("K\x02K\x03")), "quantized"],
    ["without data", utils("_rebuild_meta_tensor_no_storage", "N", op.tuple("K\x02K\x03")), "without data"],
    ["nested", utils("_rebuild_nested_tensor", matrix), "nested"],
    ["complex", tensor(storage("7", 3, "ComplexFloatStorage"), 0, [3], [1]), "complex64"],
    ["of Python's objects", numpyArray("O8", [1], "]"), "O8"],
    ["of big-endian numbers", numpyArray("f4", [1], op.bytes(floats(1)), false, ">"), ">f4"],
    [
      "yet to be negated",
      utils("_rebuild_tensor_v2", storage("7", 6), "K\0))\x89N", op.dict({ neg: "\x88" })),
      "negated",
    ],
  ])("lists a tensor that is %s, and reads the others", async (_, odd, names) => {
    const source = await openPyTorch(zipFile(op.dict({ odd, matrix }), { 7: numbers }));
    expect([...source.entries.keys()]).toEqual(["odd", "matrix"]);
    await expect(source.read("odd")).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining('"odd"'),
    });
    await expect(source.read("odd")).rejects.toThrow(names);
    expect(await source.read("matrix")).toEqual(Float32Array.of(0, 1, 2, 3, 4, 5));
  });

  const of = (offset: number, shape: number[], strides: number[]) =>
    op.dict({ a: tensor(storage("7", 6), offset, shape, strides) });
  test.each<[title: string, value: Part, error: string]>([
    ["that begins outside of its storage", of(6, [1], [1]), 'malformed: a.bin: "a"'],
    ["that ends outside of its storage", of(1, [2, 3], [3, 1]), 'malformed: a.bin: "a"'],
    ["whose strides lead outside of its storage", of(0, [2, 2], [5, 2]), 'malformed: a.bin: "a"'],
    ["at a negative place", of(-1, [1], [1]), 'malformed: a.bin: "a"'],
    ["of negative extents", of(0, [-2, -3], [3, 1]), 'malformed: a.bin: "a"'],
    ["of negative strides", of(5, [6], [-1]), 'malformed: a.bin: "a"'],
    ["with fewer strides than axes", of(0, [2, 3], [1]), 'malformed: a.bin: "a"'],
    ["of 65 axes", of(0, new Array(65).fill(1), new Array(65).fill(1)), 'malformed: a.bin: "a"'],
    ["of 10^12 elements", of(0, [10 ** 6, 10 ** 6], [0, 0]), 'limit: a.bin: "a"'],
    ["of 10^500 elements", of(0, new Array(60).fill(2 ** 31 - 1), new Array(60).fill(0)), 'limit: a.bin: "a"'],
    ["without a shape", op.dict({ a: utils("_rebuild_tensor", storage("7", 6), "K\0NN") }), 'malformed: a.bin: "a"'],
    ["of a storage that is not there", op.dict({ a: tensor(storage("8", 6), 0, [1], [1]) }), "malformed: "],
    ["of a storage that is too short", op.dict({ a: tensor(storage("7", 7), 0, [1], [1]) }), "truncated: "],
    [
      "of a storage with a name of JavaScript's",
      op.dict({ a: tensor(storage("__proto__", 6), 0, [1], [1]) }),
      "malformed: ",
    ],
    ["of a storage that is no storage", op.dict({ a: [op.tuple(op.text("module"), "NNN"), "Q"] }), "malformed: "],
    [
      "of NumPy with bytes that are text",
      op.dict({ a: numpyArray("f4", [1], op.call("_codecs", "encode", op.text("abc€"), op.text("latin1"))) }),
      "malformed: a.bin",
    ],
    ["of NumPy without bytes", op.dict({ a: numpyArray("f4", [1], "N") }), 'malformed: a.bin: "a"'],
    [
      "of NumPy with too few bytes",
      op.dict({ a: numpyArray("f4", [3], op.bytes(floats(1, 2))) }),
      'malformed: a.bin: "a"',
    ],
    [
      "of NumPy that was never given a state",
      op.dict({ a: op.call("numpy.core.multiarray", "_reconstruct") }),
      'malformed: a.bin: "a"',
    ],
    [
      "of a storage within that is a dict",
      op.dict({ a: tensor(within(oldFile("}", {})), 0, [1], [1]) }),
      "malformed: ",
    ],
    [
      "of a storage within that is within another",
      op.dict({ a: tensor(within(pickleOf(within(pickleOf("N")))), 0, [1], [1]) }),
      "malformed: ",
    ],
    [
      "of a storage within that is cut",
      op.dict({ a: tensor(within(oldFile(storage("7", 6), { 7: numbers }).subarray(0, -1)), 0, [1], [1]) }),
      "truncated: ",
    ],
  ])("is refused for a tensor %s", async (_, value, error) => {
    expect(await failureOf(zipFile(value, { 7: numbers }))).toContain(error);
  });

  test("is refused for what it wants to call, by its name and what is to be done", async () => {
    for (const file of [zipFile("cos\nsystem\n.", {}), oldFile("cos\nsystem\n.", {}), pickleOf("cos\nsystem\n")]) {
      const error = await failureOf(file);
      expect(error).toContain("unsupported: a.bin");
      expect(error).toContain("os.system");
      expect(error).toContain("state_dict");
    }
  });

  test("of a big-endian machine is unsupported", async () => {
    const big = [{ name: "a model/byteorder", content: "big" }];
    expect(await failureOf(zipFile(views, { 7: numbers }, big))).toContain(
      'unsupported: a.bin: its order of bytes is "big"',
    );
    expect(await failureOf(oldFile(views, { 7: numbers }, { littleEndian: false }))).toContain("unsupported: ");
  });

  test.each<[title: string, file: Uint8Array, error: string]>([
    ["no count like the pickle's", oldFile(views, { 7: numbers }, { counts: { 7: 5 } }), "malformed: "],
    ["a storage that nothing refers to", oldFile(views, { 7: numbers, 8: numbers }), "malformed: "],
    ["no storage that is referred to", oldFile(views, {}), "malformed: "],
    [
      "a part beyond its storage",
      oldFile(op.dict({ a: tensor(storage("7", 6, "FloatStorage", [op.tuple("NK\x04K\x03")]), 0, [1], [1]) }), {
        7: numbers,
      }),
      "malformed: ",
    ],
    [
      "a part without a place",
      oldFile(op.dict({ a: tensor(storage("7", 6, "FloatStorage", ["K\x01"]), 0, [1], [1]) }), { 7: numbers }),
      "malformed: ",
    ],
    [
      "a storage called by lists within lists, whose text would have no end",
      assemble(
        pickleOf(["\x8a\x0a", little(0x1950a86a20f9469cfc6cn, 10)]),
        pickleOf(["M", little(1001, 2)]),
        pickleOf("}"),
        pickleOf(op.dict({ a: matrix })),
        pickleOf(["]N", Array<Part>(60).fill("2\x86"), "a"]),
      ),
      "malformed: a.bin: pickle at byte",
    ],
    [
      "another protocol",
      assemble(pickleOf(["\x8a\x0a", little(0x1950a86a20f9469cfc6cn, 10)]), pickleOf("K\x01")),
      "unsupported: ",
    ],
  ])("of the old format is refused for %s", async (_, file, error) => {
    expect(await failureOf(file)).toContain(error);
  });

  test("whose arrays share a shape of many axes lists them without looking it through each time", async () => {
    const axes: Part = ["](", Array<Part>(100_000).fill("K\x01"), "e\x94"];
    const array = (shape: Part) => op.call("torch._utils", "_rebuild_sparse_tensor", "N", shape);
    const arrays = Array.from({ length: 20_000 }, () => array("h\0"));
    const source = await openPyTorch(pickleOf(op.list(array(axes), ...arrays)));
    expect(source.entries.size).toBe(20_001);
    expect(source.entries.get("20000")).toMatchObject({ shape: [], dtype: "sparse" });
  });

  test("that spells an archive once and takes it for the storage of many tensors is beyond the limit", async () => {
    const others = Array.from({ length: 2000 }, (_, i) => ({ name: `a model/${i}` }));
    const archive = zipFile(storage("7", 6), { 7: numbers }, others);
    const spelled = op.text(Buffer.from(archive).toString("latin1"));
    const bytes = op.call("_codecs", "encode", "h\0", op.text("latin1"));
    const array = tensor(op.call("torch.storage", "_load_from_bytes", bytes), 0, [6], [1]);
    const file = pickleOf([spelled, "\x94", "0", op.list(...Array<Part>(300).fill(array))]);
    expect(await failureOf(file)).toMatch(/^limit: .*more values than any checkpoint has/);
  });

  test("with a compressed archive for a storage is unsupported, and nothing is unpacked", async () => {
    const bomb = { name: "a model/bomb", content: new Uint8Array(2 ** 20), deflated: true };
    const value = tensor(within(zipFile(storage("7", 6), { 7: numbers }, [bomb])), 0, [6], [1]);
    expect(await failureOf(pickleOf(value))).toMatch(/^unsupported: .*compressed/);
  });

  test("in an archive without data.pkl is malformed", async () => {
    expect(await failureOf(zipArchive([{ name: "a", content: "" }]))).toContain("malformed: a.bin");
  });

  test("cut anywhere is an error, and the bytes are closed", async () => {
    for (const whole of [
      zipFile(views, { 7: numbers }),
      oldFile(views, { 7: numbers }),
      pickleOf(
        op.dict({
          a: tensor(within(oldFile(storage("7", 6), { 7: numbers })), 0, [6], [1]),
          b: numpyArray("f4", [1], op.bytes(floats(1))),
        }),
      ),
    ]) {
      for (let length = 0; length < whole.length; length++) {
        expect(await failureOf(whole.subarray(0, length))).toMatch(/^(truncated|malformed): /);
      }
    }
    const bytes = memoryBytes(assemble("\x80\x02X"), "a.bin");
    await expect(openPyTorch(assemble("\x80\x02X"), bytes)).rejects.toMatchObject({ code: "truncated" });
    await expect(bytes.read(0, new Uint8Array(1))).rejects.toMatchObject({ code: "closed" });
  });

  test("with any one byte changed gives values or an error", async () => {
    for (const whole of [
      oldFile(views, { 7: numbers }),
      pickleOf(op.dict({ b: numpyArray("f4", [1], op.bytes(floats(1))) })),
    ]) {
      for (let at = 0; at < whole.length; at++) {
        for (const change of [1, 0x80, 0xff]) {
          const changed = whole.slice();
          changed[at]! ^= change;
          expect(typeof (await failureOf(changed))).toBe("string");
        }
      }
    }
  });
});
