import { mutate } from "../mutate.js";
import type { Random } from "../random.js";
import { assemble, floats, little, type Part } from "./assemble.js";
import { anyShape, elementsOf, namesOf } from "./names.js";
import {
  anyInstructions,
  pickleOf,
  pushAnything,
  pushBytes,
  pushCall,
  pushDict,
  pushGlobal,
  pushInteger,
  pushText,
  pushTuple,
  takenOften,
} from "./pickle.js";
import { zipArchive } from "./zip.js";

/** A storage outside of the pickle: its key and how many numbers it has. */
interface Stored {
  readonly key: string;
  readonly count: number;
}

const mostNumbers = 1024;
const magicNumber = 0x1950a86a20f9469cfc6cn;

/** A file as torch.save has written it since 1.6, whose parts may lie. */
export function torchZip(random: Random): Uint8Array {
  const storages = anyStorages(random);
  const pickle = pickleOf(stateDict(random, (count) => external(random.pick(storages), count, random)));
  return zipArchive(
    [
      { name: "model/data.pkl", content: damaged(pickle, random), isDeflated: false },
      ...storages.map(({ key, count }) => ({
        name: `model/data/${random.orWrong(key, () => "../x")}`,
        content: floats(count),
        isDeflated: random.orWrong(false, () => true),
      })),
      { name: "model/version", content: assemble("3\n"), isDeflated: false },
    ],
    random,
  );
}

/** A file as torch.save wrote it before: pickles in a row, then the storages. */
export function torchOldFile(random: Random): Uint8Array {
  const storages = anyStorages(random);
  const used = new Set<Stored>();
  const value = stateDict(random, (count) => {
    const stored = random.pick(storages);
    used.add(stored);
    return external(stored, count, random, ["N"]);
  });
  const keys = [...used].map(({ key }) => pushText(key, random));
  return assemble(
    pickleOf([
      "\x8a\x0a",
      little(
        random.orWrong(magicNumber, () => random.extreme()),
        10,
      ),
    ]),
    pickleOf([
      "M",
      little(
        random.orWrong(1001, () => random.below(2000)),
        2,
      ),
    ]),
    damaged(pickleOf(pushDict([["little_endian", random.orWrong("\x88", () => "\x89")]], random)), random),
    damaged(pickleOf(value), random),
    pickleOf(["](", keys, "e"]),
    [...used].map(({ count }) => [little(random.count(count), 8), floats(count)]),
  );
}

/** A pickle that lies alone, of NumPy's arrays, of tensors with their storages within, or of nothing sensible. */
export function barePickle(random: Random): Uint8Array {
  if (random.chance(0.2)) return pickleOf(anyInstructions(random));
  if (random.chance(0.02)) return pickleOf(takenOften(random));
  const embedded = pickleOf(["\x8a\x0a", little(magicNumber, 10)]);
  return pickleOf(
    stateDict(random, (count) => {
      const storage = embeddedStorage(Math.min(count, mostNumbers), embedded, random);
      return pushCall("torch.storage", "_load_from_bytes", [pushBytes(storage, random)], random);
    }),
  );
}

function anyStorages(random: Random): Stored[] {
  return random.several(1 + random.below(3), (i) => ({ key: String(i), count: random.below(64) }));
}

/** A dict of tensors, each in a storage that `storage` gives for so many numbers, besides other things. */
function stateDict(random: Random, storage: (count: number) => Part): Part {
  const pairs = namesOf(random.below(5), random).map((name): [string, Part] => {
    if (random.chance(0.1)) return [name, pushAnything(random, 3)];
    return [name, random.chance(0.2) ? numpyArray(random) : tensor(random, storage)];
  });
  const dict = pushDict(pairs, random);
  return random.chance(0.2)
    ? pushDict(
        [
          ["model", dict],
          ["epoch", pushInteger(3, random)],
        ],
        random,
      )
    : dict;
}

function tensor(random: Random, storage: (count: number) => Part): Part {
  const shape = anyShape(random);
  const strides = shape.map((_, axis) => elementsOf(shape.slice(axis + 1)));
  const place = [
    pushInteger(random.count(0), random),
    pushTuple(
      shape.map((extent) => pushInteger(extent, random)),
      random,
    ),
    pushTuple(
      strides.map((stride) => pushInteger(random.count(stride), random)),
      random,
    ),
  ];
  const hooks = ["\x89", pushCall("collections", "OrderedDict", [], random)];
  const made = pushCall("torch._utils", "_rebuild_tensor_v2", [storage(elementsOf(shape)), ...place, ...hooks], random);
  return random.chance(0.1) ? pushCall("torch._utils", "_rebuild_parameter", [made, ...hooks], random) : made;
}

/** A storage by its persistent id; the old format says of it whether it is a part of another. */
function external({ key, count }: Stored, _wanted: number, random: Random, view: readonly Part[] = []): Part {
  const type = random.orWrong("FloatStorage", () => random.pick(["LongStorage", "HalfStorage", "UntypedStorage"]));
  const part = [pushText(key, random), pushInteger(0, random), pushInteger(count, random)];
  const id = [
    pushText("storage", random),
    pushGlobal("torch", type, random),
    pushText(key, random),
    pushText("cpu", random),
    pushInteger(count, random),
    ...view.map((none) => random.orWrong(none, () => pushTuple(part, random))),
  ];
  return [pushTuple(id, random), "Q"];
}

/** A file of torch.save's that holds a storage and nothing else. */
function embeddedStorage(count: number, magic: Uint8Array, random: Random): Uint8Array {
  const stored = { key: "0", count };
  if (random.chance(0.3)) {
    const files = [
      {
        name: "archive/data.pkl",
        content: damaged(pickleOf(external(stored, count, random)), random),
        isDeflated: false,
      },
      { name: "archive/data/0", content: floats(count), isDeflated: false },
    ];
    return zipArchive(files, random);
  }
  const value = damaged(pickleOf(external(stored, count, random, ["N"])), random);
  const parts = [pickleOf(["M", little(1001, 2)]), pickleOf("}"), value, pickleOf(["](", pushText("0", random), "e"])];
  return assemble(magic, parts, little(count, 8), floats(count));
}

/** An array of NumPy's, made empty and then given a state. */
function numpyArray(random: Random): Part {
  const shape = anyShape(random);
  const code = random.orWrong("f4", () => random.pick(["i8", "O8", "c16", "f3"]));
  const dtype = pushCall("numpy", "dtype", [pushText(code, random), "\x89", "\x88"], random);
  const order = pushTuple(
    [
      "K\x03",
      pushText(
        random.orWrong("<", () => ">"),
        random,
      ),
      "NNN",
    ],
    random,
  );
  const content = floats(Math.min(elementsOf(shape), mostNumbers));
  const empty = [pushGlobal("numpy", "ndarray", random), pushTuple(["K\0"], random), "C\x01b"];
  const state = [
    "K\x01",
    pushTuple(
      shape.map((extent) => pushInteger(extent, random)),
      random,
    ),
    [dtype, order, "b"],
    random.pick(["\x88", "\x89"]),
    pushBytes(content, random),
  ];
  return [pushCall("numpy.core.multiarray", "_reconstruct", empty, random), pushTuple(state, random), "b"];
}

function damaged(pickle: Uint8Array, random: Random): Uint8Array {
  return random.orWrong(pickle, () => mutate(pickle, random));
}
