/** The pieces of a vocabulary that is being made, numbered in the order in which they come. */
export class Pieces {
  readonly #tokens: string[] = [];
  readonly #ids = new Map<string, number>();
  readonly #continuationPrefix: string;

  constructor(continuationPrefix: string) {
    this.#continuationPrefix = continuationPrefix;
  }

  /** How many there are. */
  get size(): number {
    return this.#tokens.length;
  }

  /** In the order of their ids. */
  get tokens(): readonly string[] {
    return this.#tokens;
  }

  /** The id of a token, which is new where there is none yet. */
  add(token: string): number {
    const known = this.#ids.get(token);
    if (known !== undefined) return known;
    this.#ids.set(token, this.#tokens.length);
    return this.#tokens.push(token) - 1;
  }

  /** The id of what continues a word. */
  addContinuing(text: string): number {
    return this.add(this.#continuationPrefix + text);
  }

  /** The id of two neighbouring pieces as one. */
  addMerged(left: number, right: number): number {
    const continuation = this.#tokens[right] as string;
    const hasPrefix = continuation.startsWith(this.#continuationPrefix);
    const rest = hasPrefix ? continuation.slice(this.#continuationPrefix.length) : continuation;
    return this.add((this.#tokens[left] as string) + rest);
  }
}
