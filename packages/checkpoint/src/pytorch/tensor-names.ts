import { CheckpointError, quoted } from "../checkpoint-error.js";
import { NumpyArray } from "./numpy-array.js";
import type { Value } from "./pickled-value.js";
import { Tensor, UnreadableTensor } from "./tensor.js";

/** Whatever becomes an array of the checkpoint. */
export type AnyTensor = Tensor | UnreadableTensor | NumpyArray;

/** Where a value was found. */
interface Place {
  /** Undefined for a key that cannot be part of a name. */
  readonly key: string | undefined;
  readonly container: Value[] | Map<Value, Value> | undefined;
  readonly parent: Place | undefined;
  /** Keys from the outermost value to here. */
  readonly depth: number;
}

interface Found {
  readonly place: Place;
  readonly tensor: AnyTensor;
}

// Python's pickle nests some hundred levels at most, a training's state about six.
const deepest = 64;
// A value within two others is counted twice, and doubling upon doubling has no end.
const mostVisits = 2 ** 21;
const mostTensors = 2 ** 20;
const mostNameCharacters = 2 ** 26;

/**
 * The arrays in a pickled value by name: the keys that lead there, joined by dots. If one dict within the outermost
 * alone holds arrays itself, as `{"state_dict": {…}, "epoch": 3}` has it, or, where none does, one alone holds any
 * further down, its names stand without its key. An array that is the whole value is called `tensor`.
 *
 * @throws CheckpointError `limit` for what nests too deep or too often, `malformed` for two arrays of one name.
 */
export function nameTensors(root: Value, label: string): ReadonlyMap<string, AnyTensor> {
  const found = findTensors(root, label);
  const unwrapped = onlyKey(found);
  const named = new Map<string, AnyTensor>();
  let characters = 0;
  for (const { place, tensor } of found) {
    const name = nameOf(place, unwrapped, label);
    characters += name.length;
    if (characters > mostNameCharacters) throw new CheckpointError("limit", `${label}: the arrays' names are too long`);
    if (named.has(name)) throw new CheckpointError("malformed", `${label}: two arrays are called ${quoted(name)}`);
    named.set(name, tensor);
  }
  return named;
}

/** In the order of the pickle. Values that hold themselves are not followed a second time. */
function findTensors(root: Value, label: string): readonly Found[] {
  const found: Found[] = [];
  const waiting: [place: Place | undefined, key: string | undefined, value: Value][] = [[undefined, undefined, root]];
  let visits = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [parent, key, value] = next;
    const container = containerOf(value);
    const place: Place = { key, container, parent, depth: parent === undefined ? 0 : parent.depth + 1 };
    if (container === undefined) {
      if (isTensor(value)) found.push({ place, tensor: value });
      if (found.length > mostTensors) throw new CheckpointError("limit", `${label}: more than ${mostTensors} arrays`);
      continue;
    }
    if (isWithin(place.parent, container)) continue;
    if (place.depth > deepest) throw new CheckpointError("limit", `${label}: values nest more than ${deepest} deep`);
    visits += 1 + (Array.isArray(container) ? container.length : container.size);
    if (visits > mostVisits) throw new CheckpointError("limit", `${label}: the same values come again and again`);
    const inner = Array.isArray(container) ? container.entries() : container;
    const followed = [...inner].filter(([, held]) => containerOf(held) !== undefined || isTensor(held));
    for (const [held, content] of followed.reverse()) waiting.push([place, keyText(held), content]);
  }
  return found;
}

function containerOf(value: Value): Value[] | Map<Value, Value> | undefined {
  return Array.isArray(value) || value instanceof Map ? value : undefined;
}

function isTensor(value: Value): value is AnyTensor {
  return value instanceof Tensor || value instanceof UnreadableTensor || value instanceof NumpyArray;
}

function isWithin(place: Place | undefined, container: Place["container"]): boolean {
  for (let outer = place; outer !== undefined; outer = outer.parent) if (outer.container === container) return true;
  return false;
}

function keyText(key: Value): string | undefined {
  if (typeof key === "string") return key;
  return typeof key === "object" ? undefined : String(key);
}

/** The key of the dict that is what a checkpoint of a training has besides other things. */
function onlyKey(found: readonly Found[]): string | undefined {
  if (found.some(({ place }) => place.depth < 2)) return undefined;
  const direct = found.filter(({ place }) => place.depth === 2);
  const keys = new Set((direct.length > 0 ? direct : found).map(({ place }) => firstKey(place)));
  return keys.size === 1 ? [...keys][0] : undefined;
}

function firstKey(place: Place): string | undefined {
  let outer = place;
  while (outer.parent !== undefined && outer.depth > 1) outer = outer.parent;
  return outer.key;
}

function nameOf(place: Place, unwrapped: string | undefined, label: string): string {
  if (place.depth === 0) return "tensor";
  const keys: string[] = [];
  for (let at: Place = place; at.parent !== undefined; at = at.parent) {
    if (at.key === undefined) {
      throw new CheckpointError("unsupported", `${label}: an array lies under a key that is neither text nor a number`);
    }
    keys.push(at.key);
  }
  if (place.depth > 1 && keys.at(-1) === unwrapped) keys.pop();
  return keys.reverse().join(".");
}
