import { type TextTokens, type Tokenization, tokenize } from "../batching/tokenization.js";
import type { TokenSource } from "../sentence-pipeline.js";
import type { Companion } from "./companion.js";

// A call that has had fewer may be about to end. It is a window at most.
const fewTokens = 8192;
/** Of a call's time: where tokenising takes less, it is not worth another thread with its engine and vocabulary. */
const worthwhileShare = 0.02;

/** The tokens of one call's texts: made here, or by a companion once the call is long and tokenising takes its time. */
export class CallTokens implements TokenSource, Disposable {
  readonly isElsewhere = true;
  readonly #next: () => Promise<readonly string[] | undefined>;
  readonly #companion: Companion;
  readonly #share: number;
  readonly #began = performance.now();
  #tokens = 0;
  #milliseconds = 0;
  #wantsCompany = false;
  #isOpen = true;

  /**
   * `next` gives the next texts of the call; undefined at the end. A companion is asked where tokenising takes more than
   * `share` of the call's time.
   */
  constructor(next: () => Promise<readonly string[] | undefined>, companion: Companion, share = worthwhileShare) {
    this.#next = next;
    this.#companion = companion;
    this.#share = share;
  }

  /** Texts are asked for, and tokenised, while those before them are encoded: neither keeps the pool waiting. */
  async *tokens(how: Tokenization): AsyncGenerator<TextTokens> {
    const next = async (): Promise<readonly TextTokens[] | undefined> => {
      const texts = await this.#next();
      return texts && this.#tokenize(texts, how);
    };
    let coming = next();
    for (let piece = await coming; piece; piece = await coming) {
      coming = next();
      coming.catch(() => {}); // it is heard of when it is awaited
      yield* piece;
    }
  }

  /** Tells the companion that this call is over. */
  [Symbol.dispose](): void {
    this.#isOpen = false;
    this.#companion.leave(this);
  }

  async #tokenize(texts: readonly string[], how: Tokenization): Promise<readonly TextTokens[]> {
    const elsewhere = this.#isOpen && this.#isWorthIt() ? this.#companion.tokenize(this, texts, how) : undefined;
    return (await elsewhere?.catch(() => undefined)) ?? this.#tokenizeHere(texts, how);
  }

  #tokenizeHere(texts: readonly string[], how: Tokenization): readonly TextTokens[] {
    const began = performance.now();
    const tokens = texts.map((text) => tokenize(text, how));
    this.#milliseconds += performance.now() - began;
    for (const { length } of tokens) this.#tokens += length;
    return tokens;
  }

  #isWorthIt(): boolean {
    if (this.#tokens <= fewTokens) return false;
    // Once it is, it stays so: what is done elsewhere no longer shows in this thread's time.
    this.#wantsCompany ||= this.#milliseconds > this.#share * (performance.now() - this.#began);
    return this.#wantsCompany;
  }
}
