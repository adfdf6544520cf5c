import { type ElementType, storageTypes } from "./element-types.js";
import { isCount, KnownGlobal, type PickleSite, textOf, type Value } from "./pickled-value.js";

/** What a pickle says of a storage that lies outside of it: `("storage", class, key, device, count, view)`. */
export interface StorageId {
  readonly type: ElementType;
  readonly key: string;
  /** Elements of the storage. */
  readonly count: number;
  /** What the old format says of a storage that is a part of another: (key, offset, count). */
  readonly view: Value;
}

/** @throws CheckpointError `malformed` */
export function readStorageId(id: Value, site: PickleSite): StorageId {
  const [kind = null, storageClass = null, key = null, , count = null, view = null] = Array.isArray(id) ? id : [];
  const keyText = storageKey(key);
  const type = storageClass instanceof KnownGlobal ? storageTypes.get(classOf(storageClass.path)) : undefined;
  if (textOf(kind) !== "storage" || keyText === undefined || type === undefined || !isCount(count)) {
    throw site.error("malformed", "it refers to what is not described as a storage");
  }
  return { type, key: keyText, count, view };
}

/** What a storage is called, text or number; undefined for what is no name. */
export function storageKey(key: Value): string | undefined {
  return textOf(key) ?? (isCount(key) ? String(key) : undefined);
}

function classOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
