/** A resource that others may be using too: given back instead of closed. */
export interface Shared<Resource> extends Disposable {
  readonly resource: Resource;
}

interface Share<Resource> {
  readonly opening: Promise<Resource>;
  users: number;
}

/** Open resources by the wishes they were opened for: equal wishes share one, and the last to give it back closes it. */
export class Shares<Resource extends Disposable> {
  readonly #shares = new Map<string, Share<Resource>>();

  /** The resource for a wish; `open` is called where nobody uses one. */
  async take(wish: string, open: () => Promise<Resource>): Promise<Shared<Resource>> {
    const share = this.#shares.get(wish) ?? { opening: open(), users: 0 };
    this.#shares.set(wish, share);
    share.users++;
    let isTaken = true;
    const giveBack = (): boolean => {
      if (!isTaken) return false;
      isTaken = false;
      if (--share.users > 0) return false;
      if (this.#shares.get(wish) === share) this.#shares.delete(wish);
      return true;
    };
    try {
      const resource = await share.opening;
      return {
        resource,
        [Symbol.dispose]() {
          if (giveBack()) resource[Symbol.dispose]();
        },
      };
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  /** Has the next to wish for it open another, as when this one has died; its users still give it back. */
  forget(wish: string): void {
    this.#shares.delete(wish);
  }
}
