import { torchTypes } from "./element-types.js";
import { NumpyArray } from "./numpy-array.js";
import { KnownGlobal, PickledBytes, type PickleSite, type Value } from "./pickled-value.js";
import { EmbeddedStorage, Storage, Tensor, UnreadableTensor } from "./tensor.js";

type Maker = (args: readonly Value[], site: PickleSite) => Value;

const unreadable =
  (what: string, dtype: string, shapeAt: number): Maker =>
  (args) =>
    new UnreadableTensor(what, dtype, args[shapeAt]);

const rebuild: Readonly<Record<string, Maker>> = {
  _rebuild_tensor: (args, site) => viewOf(args, undefined, site),
  _rebuild_tensor_v2: (args, site) => tensorOf(args, undefined, args[6], site),
  _rebuild_tensor_v3: (args, site) => tensorOf(args, args[6], args[7], site),
  _rebuild_parameter: tensorFirst,
  _rebuild_parameter_with_state: tensorFirst,
  _rebuild_device_tensor_from_cpu_tensor: tensorFirst,
  _rebuild_device_tensor_from_numpy: tensorFirst,
  _rebuild_sparse_tensor: ([, parts]) =>
    new UnreadableTensor("a sparse tensor", "sparse", Array.isArray(parts) ? sizeAmong(parts) : undefined),
  _rebuild_qtensor: unreadable("a quantized tensor", "quantized", 2),
  _rebuild_meta_tensor_no_storage: unreadable("a tensor without data (of the device meta)", "meta", 1),
  _rebuild_nested_tensor: unreadable("a nested tensor", "nested", 4),
  _rebuild_wrapper_subclass: unreadable("a tensor without data (of a wrapper class)", "meta", 2),
};

/** The functions of PyTorch's that make storages and tensors, by module and name. */
export const tensorMakers: readonly (readonly [module: string, makers: Readonly<Record<string, Maker>>])[] = [
  ["torch._utils", rebuild],
  ["torch._tensor", { _rebuild_from_type_v2: rebuildFromType }],
  ["torch.storage", { _load_from_bytes: loadFromBytes }],
];

/** args (storage, offset, shape, strides, …) */
function viewOf(args: readonly Value[], type: Value | undefined, site: PickleSite): Tensor {
  const [storage, offset, shape, strides] = args;
  if (!(storage instanceof Storage || storage instanceof EmbeddedStorage)) {
    throw site.error("malformed", "a tensor is made of what is no storage");
  }
  if (type === undefined) return new Tensor(storage, undefined, offset, shape, strides);
  const known = type instanceof KnownGlobal ? torchTypes.get(type.path.replace(/^torch\./, "")) : undefined;
  if (known === undefined) throw site.error("malformed", "a tensor's type is none of PyTorch's");
  return new Tensor(storage, known, offset, shape, strides);
}

/** The metadata of newer versions tell whether the elements stand for their conjugates or negatives. */
function tensorOf(
  args: readonly Value[],
  type: Value | undefined,
  metadata: Value | undefined,
  site: PickleSite,
): Tensor | UnreadableTensor {
  const tensor = viewOf(args, type, site);
  const isLazy = metadata instanceof Map && (metadata.get("conj") === true || metadata.get("neg") === true);
  return isLazy ? new UnreadableTensor("a tensor yet to be conjugated or negated", "lazy", tensor.shape) : tensor;
}

function tensorFirst([tensor]: readonly Value[], site: PickleSite): Value {
  if (tensor instanceof Tensor || tensor instanceof UnreadableTensor || tensor instanceof NumpyArray) return tensor;
  throw site.error("malformed", "a parameter is made of what is no tensor");
}

/** A tensor with attributes, or of a subclass: (function, class, arguments, attributes). */
function rebuildFromType([callable, , args]: readonly Value[], site: PickleSite): Value {
  if (callable instanceof KnownGlobal && callable.path.startsWith("torch._utils.") && Array.isArray(args)) {
    if (callable.make !== undefined) return callable.make(args, site);
  }
  throw site.error("malformed", "a tensor is made by what makes no tensors");
}

function loadFromBytes([content]: readonly Value[], site: PickleSite): Value {
  if (content instanceof PickledBytes) return new EmbeddedStorage(content);
  throw site.error("malformed", "a storage is made of what is no bytes");
}

/** The size, after two to three tensors; a longer list may be that of many tensors, and is not looked through. */
function sizeAmong(parts: readonly Value[]): Value | undefined {
  return parts.slice(0, 4).find((part) => Array.isArray(part));
}
