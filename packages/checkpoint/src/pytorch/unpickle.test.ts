import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { memoryBytes } from "../bytes/memory-bytes.js";
import { CheckpointError } from "../checkpoint-error.js";
import { assemble, little, op, type Part, pickleOf } from "../fixtures/pickle-assembler.js";
import { knownGlobal } from "./known-globals.js";
import { PickleCursor, pickleBudget } from "./pickle-cursor.js";
import { PickledBytes, type Value } from "./pickled-value.js";
import { unpickle } from "./unpickle.js";

const world = { global: knownGlobal, persistent: (id: Value): Value => ["outside", id] };

const load = (...parts: Part[]): Promise<Value> =>
  unpickle(new PickleCursor(memoryBytes(assemble(...parts), "a.pkl"), pickleBudget()), world);

const failure = (...parts: Part[]): Promise<string> =>
  load(...parts).then(
    () => "none",
    (error: unknown) => {
      if (error instanceof CheckpointError) return `${error.code}: ${error.message}`;
      throw error;
    },
  );

async function contentOf(value: Value): Promise<string> {
  if (!(value instanceof PickledBytes)) throw new Error("no bytes");
  const content = new Uint8Array(value.size);
  await value.bytes.read(value.begin, content);
  return String.fromCharCode(...content);
}

describe("a pickle", () => {
  test.each<[title: string, pickle: Part, value: Value]>([
    ["None, True and False", ["(N\x88\x89t."], [null, true, false]],
    ["booleans of protocol 0", ["(I01\nI00\nt."], [true, false]],
    ["small integers", ["(K\xffM\xff\xffJ\xff\xff\xff\xfft."], [255, 65535, -1]],
    ["integers of protocol 0", ["(I-12\nL34L\nt."], [-12, 34]],
    ["long integers", ["(\x8a\x00\x8a\x01\x80\x8a\x07\x00\x00\x00\x00\x00\x00\x10t."], [0, -128, 2 ** 52]],
    ["integers beyond 2^53", ["\x8b", little(9, 4), little(2n ** 64n, 9), "."], 2n ** 64n],
    ["floats", ["(G\x3f\xf8\0\0\0\0\0\0F-2.5\nF-inf\nt."], [1.5, -2.5, -Infinity]],
    ["texts", ["(X\x02\0\0\0\xc3\xa4\x8c\x01b\x8d\x01\0\0\0\0\0\0\0ct."], ["ä", "b", "c"]],
    ["texts of protocol 0", ["(V\\u00e4\\U0001f600\nVa b\nt."], ["ä😀", "a b"]],
    ["tuples of every length", ["()K\x01\x85K\x01K\x02\x86K\x01K\x02K\x03\x87t."], [[], [1], [1, 2], [1, 2, 3]]],
    ["lists", ["](K\x01K\x02eK\x03a."], [1, 2, 3]],
    ["lists of protocol 0", ["(K\x01l."], [1]],
    ["sets", ["(\x8f(K\x01\x90(K\x02\x91t."], [[1], [2]]],
    ["dicts", [op.dict({ a: "K\x01" }), op.text("b"), "K\x02s."], new Map([...Object.entries({ a: 1, b: 2 })])],
    ["dicts of protocol 0", ["(Va\nK\x01d."], new Map([["a", 1]])],
    ["keys that Python 2 wrote", ["}(U\x01aK\x01S'b'\nK\x02u."], new Map([...Object.entries({ a: 1, b: 2 })])],
    [
      "the memo",
      ["(K\x01q\x05K\x02r\x06\0\0\0K\x03p7\nK\x04\x94h\x05j\x06\0\0\0g7\nh\x03t."],
      [1, 2, 3, 4, 1, 2, 3, 4],
    ],
    ["frames, and what is dropped", ["\x80\x04\x95", little(3, 8), "K\x01K\x020(K\x051(02."], 1],
    ["persistent ids", ["(Va\nQPb\nt."], [...[["outside", "a"]], ["outside", "b"]]],
    [
      "ordered dicts of Python 3, with a state",
      [op.call("collections", "OrderedDict"), op.text("a"), "K\x01s", op.dict({ _metadata: "K\x02" }), "b."],
      new Map([["a", 1]]),
    ],
    [
      "ordered dicts of Python 2",
      [op.call("collections", "OrderedDict", op.list(op.list(op.text("a"), "K\x01"))), "."],
      new Map([["a", 1]]),
    ],
    [
      "objects of protocol 0 to 4",
      ["((ctorch\nSize\n(K\x01to((K\x02titorch\nSize\nctorch\nSize\n(K\x03t\x85\x81t."],
      [[1], [2], [3]],
    ],
    ["globals by their names on the stack", ["\x8c\x05torch\x8c\x04Size\x93)\x85R."], []],
  ])("gives %s", async (_, pickle, value) => {
    expect(await load(pickle)).toEqual(value);
  });

  test.each<[title: string, pickle: Part]>([
    ["protocol 5", ["\x96", little(3, 8), "a\0\xff."]],
    ["protocol 4", ["\x8e", little(3, 8), "a\0\xff."]],
    ["protocol 3", "B\x03\0\0\0a\0\xff."],
    ["protocol 3, short", "C\x03a\0\xff."],
    ["protocol 2 in Python 3", [op.call("_codecs", "encode", op.text("a\0\xff"), op.text("latin1")), "."]],
    ["Python 2", "T\x03\0\0\0a\0\xff."],
    ["Python 2, short", "U\x03a\0\xff."],
    ["protocol 0", "S'a\\x00\\377'\n."],
  ])("leaves bytes of %s where they are", async (_, pickle) => {
    expect(await contentOf(await load(pickle))).toBe("a\0\xff");
  });

  test("is left behind its end, and lists may hold themselves", async () => {
    const cursor = new PickleCursor(memoryBytes(assemble("]q\0h\0a.K\x07.")), pickleBudget());
    const list = await unpickle(cursor, world);
    expect(Array.isArray(list) && list[0] === list).toBe(true);
    expect(await unpickle(cursor, world)).toBe(7);
  });

  test("with bytes of arrays is read in pieces around them", async () => {
    const large = new Uint8Array(50_000);
    const file = pickleOf(op.list(...Array.from({ length: 5 }, () => op.bytes(large))));
    const bytes = memoryBytes(file);
    let read = 0;
    const counting: typeof bytes = {
      ...bytes,
      read(from, into) {
        read += into.length;
        return bytes.read(from, into);
      },
    };
    await unpickle(new PickleCursor(counting, pickleBudget()), world);
    expect(read).toBeLessThan(file.length / 5);
  });
});

describe("a pickle that is hostile or broken", () => {
  test.each<[title: string, pickle: Part, names: string]>([
    ["REDUCE", "cos\nsystem\n(Vls\ntR.", "os.system"],
    ["GLOBAL alone", "cposix\nsystem\n.", "posix.system"],
    ["a global by its name on the stack", "\x8c\x08builtins\x8c\x04eval\x93.", "builtins.eval"],
    [
      "a global by its name in the memo",
      "\x8c\x08builtins\x94\x8c\x04exec\x940\x8c\x01x0h\0h\x01\x93.",
      "builtins.exec",
    ],
    ["INST", "(Vls\nios\nsystem\n.", "os.system"],
    ["OBJ", "(cos\nsystem\nVls\no.", "os.system"],
    ["NEWOBJ", "csubprocess\nPopen\n)\x81.", "subprocess.Popen"],
    ["NEWOBJ_EX", "csubprocess\nPopen\n)}\x92.", "subprocess.Popen"],
    ["a dotted name", "\x8c\x05torch\x8c\x10serialization.os\x93.", "torch.serialization.os"],
    ["a name of JavaScript's", "c__proto__\nconstructor\n.", "__proto__.constructor"],
    ["an extension code of one byte", "\x82\x01.", "extension code"],
    ["an extension code of four bytes", "\x84\x01\0\0\0.", "extension code"],
    ["a buffer outside", "\x97.", "buffer outside"],
    ["a class that makes nothing", "cnumpy\nndarray\n)R.", "numpy.ndarray"],
    ["a later protocol", "\x80\x06N.", "protocol 6"],
  ])("with %s is unsupported, and the error names it", async (_, pickle, names) => {
    const error = await failure(pickle);
    expect(error).toContain("unsupported: a.pkl: ");
    expect(error).toContain(names);
  });

  test.each<[title: string, pickle: Part]>([
    ["a value from an empty stack", "0."],
    ["a value from below a mark", "K\x01(\x85."],
    ["nothing to give", "."],
    ["a mark where there is none", "t."],
    ["a place of the memo that is empty", "h\0."],
    ["an instruction that does not exist", "\xff."],
    ["a key without a value", "}(K\x01u."],
    ["a key of what is no dict", "]K\x01K\x02s."],
    ["a value appended to what is no list", "}K\x01a."],
    ["a call of a number", "K\x01)R."],
    ["a call without a tuple", "ctorch\nSize\nNR."],
    ["a global named by a number", "K\x01K\x02\x93."],
    ["a text that is not UTF-8", "X\x01\0\0\0\xff."],
    ["an integer that is none", "I1e3\n."],
    ["a place that is none", "K\x01pa\n."],
    ["a character beyond Unicode", "V\\Uffffffff\n."],
    ["a string without quotes", "Sa\n."],
    ["a string with one quote", "S'\n."],
    ["an integer of negative length", ["\x8b", little(-1, 4), "."]],
    ["a dict made of numbers", [op.call("collections", "OrderedDict", op.list("K\x01")), "."]],
    ["bytes made of a number", [op.call("_codecs", "encode", "K\x01"), "."]],
    ["a tensor without a storage", [op.call("torch._utils", "_rebuild_tensor_v2", "K\x01"), "."]],
    ["a parameter without a tensor", [op.call("torch._utils", "_rebuild_parameter", "K\x01"), "."]],
    ["a tensor by a function that makes none", [op.call("torch._tensor", "_rebuild_from_type_v2", "K\x01"), "."]],
  ])("with %s is malformed", async (_, pickle) => {
    expect(await failure(pickle)).toContain("malformed: a.pkl: pickle at byte ");
  });

  test.each<[title: string, pickle: Part]>([
    ["a text", ["X", little(2 ** 32 - 1, 4), "a"]],
    ["a text of protocol 4", ["\x8d", little(2n ** 63n, 8), "a"]],
    ["bytes", ["B", little(2 ** 32 - 1, 4), "a"]],
    ["bytes of protocol 5", ["\x96", little(2n ** 64n - 1n, 8), "a"]],
    ["a line", "cos"],
    ["a number", "J\0"],
    ["nothing", ""],
  ])("that ends within %s is truncated", async (_, pickle) => {
    expect(await failure(pickle)).toContain("truncated: a.pkl: pickle at byte ");
  });

  test("cut anywhere is truncated", async () => {
    const whole = pickleOf([op.dict({ a: op.list("K\x01", "G12345678"), b: "\x8a\x01\x07" }), "q\0"]);
    for (let length = 0; length < whole.length; length++) {
      expect(await failure(whole.subarray(0, length))).toContain("truncated: ");
    }
  });

  test("has its numbers, values and texts limited", async () => {
    expect(await failure(["\x8b", little(256, 4), "a".repeat(300)])).toContain("limit: ");
    const many = async (pickle: Part, budget: { values: number; bytes: number }) =>
      unpickle(new PickleCursor(memoryBytes(assemble(pickle), "a.pkl"), budget), world);
    const few = { values: 5, bytes: 1000 };
    await expect(many("NNNNNN.", { ...few })).rejects.toMatchObject({ code: "limit" });
    await expect(many("((((((.", { ...few })).rejects.toMatchObject({ code: "limit" });
    await expect(many("Nq\0q\x01q\x02q\x03q\x04.", { ...few })).rejects.toMatchObject({ code: "limit" });
    const copies = ["ccollections\nOrderedDict\n(]", op.tuple("NN"), "a", "tR."];
    await expect(many(copies, { values: 9, bytes: 1000 })).rejects.toMatchObject({ code: "limit" });
    await expect(many(op.text("a".repeat(1001)), { ...few })).rejects.toMatchObject({ code: "limit" });
    await expect(many(["0".repeat(1001)], { ...few })).rejects.toBeInstanceOf(CheckpointError);
    await expect(many([op.bytes(new Uint8Array(2000)), "."], { ...few })).resolves.toBeInstanceOf(PickledBytes);
  });

  test("of any bytes gives a value or a CheckpointError", async () => {
    const instruction = fc.constantFrom(
      ..."N\x88K()]}tldabseu0123RoiQPhjqrpg.\x85\x86\x87\x8f\x90\x91\x93\x94\x81\x92",
    );
    const call = fc.constantFrom(
      "cnumpy\ndtype\n",
      "ctorch\nSize\n",
      "ccollections\nOrderedDict\n",
      "\x8c\x01a",
      "K\x01",
    );
    const program = fc.array(fc.oneof(instruction, call, fc.string({ maxLength: 3 })), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(program, async (parts) => {
        expect(typeof (await failure(parts, "."))).toBe("string");
      }),
    );
  });
});
