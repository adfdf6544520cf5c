import type { BertTokenizer } from "@bertkit/tokenizer";
import type { TextTokens, Tokenization } from "../batching/tokenization.js";
import { packTokenizer } from "./packed-tokenizer.js";
import { unpackTokens } from "./packed-tokens.js";
import { Peer } from "./peer.js";
import type { CompanionMethods } from "./protocol.js";
import { type StartedWorker, startWorker } from "./start-worker.js";
import { WorkerEndedError } from "./worker-ended-error.js";

/** Milliseconds that it may be idle. */
const patience = 5000;

interface Started {
  readonly worker: StartedWorker;
  readonly peer: Peer<Record<never, never>, CompanionMethods>;
  readonly tokenizers: Map<BertTokenizer, { readonly number: number; isOpen: boolean }>;
}

/**
 * Another worker that tokenises for this one while it computes. It is started when it is first asked, and ended when
 * nobody has used it for some seconds. Where it cannot be had, or has died, whoever asks does it alone.
 */
export class Companion {
  readonly #users = new Set<object>();
  readonly #startWorker: typeof startWorker;
  #started: Started | undefined;
  #isLost = false;
  #numbers = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(start = startWorker) {
    this.#startWorker = start;
  }

  /** Tokenises for a user, who says when it needs no more; undefined where the companion is not there, or not yet. */
  tokenize(
    user: object,
    texts: readonly string[],
    { tokenizer, rules }: Tokenization,
  ): Promise<readonly TextTokens[]> | undefined {
    this.#started ??= this.#start();
    if (!this.#started) return undefined;
    clearTimeout(this.#idle);
    this.#users.add(user);
    const { peer, tokenizers } = this.#started;
    const known = tokenizers.get(tokenizer);
    if (!known) this.#open(tokenizer, this.#started);
    if (!known?.isOpen) return undefined;
    return peer.call("tokenize", { tokenizer: known.number, texts, rules }).then(unpackTokens);
  }

  /** Tells that a user needs no more. */
  leave(user: object): void {
    if (!this.#users.delete(user) || this.#users.size > 0) return;
    this.#idle = setTimeout(() => this.#end(), patience);
  }

  /** Tells that a tokenizer is needed no more. */
  forget(tokenizer: BertTokenizer): void {
    const known = this.#started?.tokenizers.get(tokenizer);
    if (!this.#started || !known) return;
    const { peer, tokenizers } = this.#started;
    tokenizers.delete(tokenizer);
    if (tokenizers.size === 0) this.#end();
    else peer.call("closeTokenizer", known.number).catch(() => {});
  }

  #start(): Started | undefined {
    if (this.#isLost) return undefined;
    try {
      const worker = this.#startWorker((reason, cause) => {
        this.#isLost = true;
        this.#started = undefined;
        peer.fail(new WorkerEndedError(`the worker that tokenises has ended (${reason})`, { cause }));
      });
      const peer = new Peer<Record<never, never>, CompanionMethods>(worker.port, {});
      return { worker, peer, tokenizers: new Map() };
    } catch {
      this.#isLost = true;
      return undefined;
    }
  }

  #open(tokenizer: BertTokenizer, { peer, tokenizers }: Started): void {
    const opened = { number: ++this.#numbers, isOpen: false };
    tokenizers.set(tokenizer, opened);
    peer.call("openTokenizer", { tokenizer: opened.number, packed: packTokenizer(tokenizer) }).then(
      () => {
        opened.isOpen = true;
      },
      () => {},
    );
  }

  #end(): void {
    clearTimeout(this.#idle);
    const started = this.#started;
    this.#started = undefined;
    started?.worker.terminate();
    started?.peer.fail(new WorkerEndedError("the worker that tokenises was closed"));
  }
}
