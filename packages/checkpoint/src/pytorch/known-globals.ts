import { quoted } from "../checkpoint-error.js";
import { storageTypes, torchTypes } from "./element-types.js";
import { NumpyArray, NumpyType } from "./numpy-array.js";
import {
  type Built,
  KnownGlobal,
  latin1Bytes,
  Opaque,
  PickledBytes,
  type PickleSite,
  textOf,
  type Value,
} from "./pickled-value.js";
import { tensorMakers } from "./tensor-makers.js";

type Maker = (args: readonly Value[], site: PickleSite) => Value;

/**
 * What a name in a pickle stands for. This list is closed: each makes plain data out of plain data.
 *
 * @throws CheckpointError `unsupported` for any other name.
 */
export function knownGlobal(module: string, name: string, site: PickleSite): Built {
  const path = `${module}.${name}`;
  const known = globals.get(path);
  if (known !== undefined) return known;
  const problem = `it wants to call ${quoted(path).slice(1, -1)}, which is not among what arrays are made of`;
  const remedy = "nothing was run; save the state_dict alone: torch.save(model.state_dict(), …)";
  throw site.error("unsupported", `${problem}; ${remedy}`);
}

const opaque =
  (what: string): Maker =>
  () =>
    new Opaque(what);

const first: Maker = ([value = null]) => (Array.isArray(value) ? value : []);

const builtins: Readonly<Record<string, Maker>> = {
  set: first,
  frozenset: first,
  list: first,
  tuple: first,
  dict: () => new Map(),
  complex: opaque("a complex number"),
  bytearray: bytesOf,
  bytes: bytesOf,
};

const collections: Readonly<Record<string, Maker>> = {
  OrderedDict: orderedDict,
  Counter: ([counts]) => (counts instanceof Map ? counts : new Map()),
  defaultdict: () => new Map(),
};

const arrays: Readonly<Record<string, Maker>> = {
  _reconstruct: () => new NumpyArray(),
  scalar: opaque("a number of NumPy's"),
};

const arrayFromBuffer: Maker = ([content = null, dtype = null, shape = null, order]) =>
  new NumpyArray([shape, dtype, textOf(order) === "F", content]);

const makers: readonly (readonly [module: string, makers: Readonly<Record<string, Maker>>])[] = [
  ["builtins", builtins],
  ["__builtin__", builtins],
  ["collections", collections],
  ["_codecs", { encode: bytesOf }],
  ["argparse", { Namespace: opaque("the settings of a program") }],
  ["numpy.core.multiarray", arrays],
  ["numpy._core.multiarray", arrays],
  ["numpy.core.numeric", { _frombuffer: arrayFromBuffer }],
  ["numpy._core.numeric", { _frombuffer: arrayFromBuffer }],
  ["numpy", { dtype: ([code]) => new NumpyType(textOf(code) ?? "?") }],
  ["torch", { Size: first, device: opaque("a device") }],
  ["torch.serialization", { _get_layout: opaque("a layout") }],
  ...tensorMakers,
];

/** Names that arguments refer to, and that make nothing. */
const marks: readonly (readonly [module: string, names: readonly string[]])[] = [
  ["numpy", ["ndarray"]],
  ["builtins", ["int", "float", "bool", "str"]],
  ["__builtin__", ["int", "float", "bool", "str"]],
  ["torch", ["Tensor", ...torchTypes.keys(), ...storageTypes.keys()]],
  ["torch.cuda", [...storageTypes.keys()]],
  ["torch.storage", ["TypedStorage", "_TypedStorage", ...storageTypes.keys()]],
  ["torch.nn.parameter", ["Parameter", "Buffer"]],
  ["torch", ["per_tensor_affine", "per_tensor_symmetric", "per_channel_affine", "per_channel_symmetric"]],
  ["torch", ["per_channel_affine_float_qparams"]],
];

const globals: ReadonlyMap<string, KnownGlobal> = new Map(
  [
    ...makers.flatMap(([module, named]) =>
      Object.entries(named).map(([name, make]) => new KnownGlobal(`${module}.${name}`, make)),
    ),
    ...marks.flatMap(([module, names]) => names.map((name) => new KnownGlobal(`${module}.${name}`))),
  ].map((known) => [known.path, known]),
);

/** Bytes of Python 3 in protocols that have none: a text and its encoding, always Latin-1. */
function bytesOf([content = ""]: readonly Value[], site: PickleSite): Value {
  if (content instanceof PickledBytes) return content;
  if (typeof content === "string") return new PickledBytes(latin1Bytes(content, site.label), 0, content.length);
  throw site.error("malformed", "bytes are made of what is neither bytes nor text");
}

/** Python 2 gives the keys and values to the class, Python 3 sets them afterwards. */
function orderedDict([pairs]: readonly Value[], site: PickleSite): Value {
  const dict = new Map<Value, Value>();
  if (!Array.isArray(pairs)) return dict;
  site.spend(pairs.length);
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) throw site.error("malformed", "a dict is made of other than pairs");
    const [key = null, value = null] = pair;
    dict.set(textOf(key) ?? key, value);
  }
  return dict;
}
