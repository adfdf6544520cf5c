import { HubError } from "../../hub-error.js";
import type { ClaimWatch } from "../model-cache.js";

// Large enough that a model is some dozens of entries, small enough that one in memory is nothing.
const partSize = 16 * 2 ** 20;

/** Where the parts of a file's bytes are kept. */
export interface PartsPlace {
  readonly cache: Cache;
  /** The address of a part, by its number. */
  readonly key: (part: number) => string;
  /** The name by which the pages of an origin agree who brings the file. */
  readonly lock: string;
  readonly watch: ClaimWatch;
}

/** Waits until no other page brings the file; what an interrupted attempt left is there to be continued. */
export async function claimParts(place: PartsPlace): Promise<WebParts> {
  const unlock = await locked(place);
  try {
    return await WebParts.open(place, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** The parts that are there, in order. */
export async function partsOf(cache: Cache, key: (part: number) => string): Promise<Blob[]> {
  const parts: Blob[] = [];
  for (;;) {
    const stored = await cache.match(key(parts.length));
    if (stored === undefined) return parts;
    parts.push(await stored.blob());
  }
}

/** A file's bytes on their way into the cache, a part at a time. */
export class WebParts {
  readonly #place: PartsPlace;
  readonly #unlock: () => void;
  /** The part that is being filled. */
  readonly #open = new Uint8Array(partSize);
  #whole = 0;
  #filled = 0;

  private constructor(place: PartsPlace, unlock: () => void) {
    this.#place = place;
    this.#unlock = unlock;
  }

  static async open(place: PartsPlace, unlock: () => void): Promise<WebParts> {
    const parts = new WebParts(place, unlock);
    for (const blob of await partsOf(place.cache, place.key)) {
      if (blob.size === partSize) parts.#whole++;
      else await parts.write(parts.size, new Uint8Array(await blob.arrayBuffer()));
    }
    return parts;
  }

  get size(): number {
    return this.#whole * partSize + this.#filled;
  }

  async write(at: number, bytes: Uint8Array): Promise<void> {
    if (at !== this.size) await this.empty();
    for (let done = 0; done < bytes.length; ) {
      const piece = bytes.subarray(done, done + partSize - this.#filled);
      this.#open.set(piece, this.#filled);
      this.#filled += piece.length;
      done += piece.length;
      if (this.#filled < partSize) continue;
      await this.flush();
      this.#whole++;
      this.#filled = 0;
    }
  }

  /** Stores the part that is being filled as far as it is. */
  async flush(): Promise<void> {
    if (this.#filled === 0) return;
    const { cache, key } = this.#place;
    try {
      await cache.put(key(this.#whole), new Response(this.#open.slice(0, this.#filled)));
    } catch (error) {
      throw new HubError("disk", "the browser's cache takes no more", {
        hint: "Free some of this site's storage, or of the disk; models that are no longer needed can be removed.",
        cause: error,
      });
    }
  }

  async empty(): Promise<void> {
    const { cache, key } = this.#place;
    for (let part = 0; await cache.delete(key(part)); part++);
    this.#whole = 0;
    this.#filled = 0;
  }

  async release(): Promise<void> {
    try {
      await this.flush();
    } finally {
      this.#unlock();
    }
  }
}

/** Gives the function that lets others go on. Where there are no locks, there are no other pages to wait for. */
function locked({ lock, watch }: PartsPlace): Promise<() => void> {
  const locks = globalThis.navigator?.locks;
  if (locks === undefined) return Promise.resolve(() => {});
  return new Promise((resolve, reject) => {
    const held = () => new Promise<void>((unlock) => resolve(unlock));
    locks.request(lock, watch.signal ? { signal: watch.signal } : {}, held).catch(reject);
  });
}
