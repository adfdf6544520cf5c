/** How an answer goes wrong. */
export type Mishap =
  /** Another status, with headers such as `retry-after`. */
  | { readonly kind: "status"; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** The connection is reset after so many bytes of the body. */
  | { readonly kind: "reset"; readonly after: number }
  /** The connection is closed in good order after so many bytes, though the headers promised more. */
  | { readonly kind: "cut"; readonly after: number }
  /** The body ends after so many bytes, and the headers promise no more. */
  | { readonly kind: "shorten"; readonly after: number }
  /** As many bytes as there should be, but the one in the middle is another. */
  | { readonly kind: "wrong-bytes" }
  /** So many bytes a second. */
  | { readonly kind: "slow"; readonly bytesPerSecond: number }
  /** Nothing comes after so many bytes, and the connection stays open. */
  | { readonly kind: "stall"; readonly after: number }
  /** The whole file with status 200, whatever range was asked for. */
  | { readonly kind: "ignore-range" };

/** A mishap and the requests that it befalls. */
export interface Fault {
  readonly mishap: Mishap;
  /** Requests whose path (decoded, without query) matches; all where absent. */
  readonly path?: RegExp | undefined;
  /** Requests to this one of the two servers; to both where absent. */
  readonly server?: ServerName | undefined;
  /** How many requests; all where absent. */
  readonly times?: number | undefined;
}

/** The hub itself, or the host that it sends people to for large files. */
export type ServerName = "hub" | "cdn";

/** The faults that are still to come. */
export class Faults {
  readonly #waiting: { fault: Fault; left: number }[] = [];

  /** Adds one; what was added first befalls first. */
  add(fault: Fault): void {
    this.#waiting.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#waiting.length = 0;
  }

  /** The mishap of this request, of one of these kinds, which is used up by it. */
  take(server: ServerName, path: string, isOfKind: (mishap: Mishap) => boolean): Mishap | undefined {
    const found = this.#waiting.find(
      ({ fault, left }) =>
        left > 0 && (fault.server ?? server) === server && (fault.path?.test(path) ?? true) && isOfKind(fault.mishap),
    );
    if (found) found.left--;
    return found?.fault.mishap;
  }
}
