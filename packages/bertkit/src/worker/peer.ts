import { type PackedError, packError, unpackError } from "./packed-error.js";

/** What two threads talk through, whatever kind of worker is behind it. */
export interface Port {
  post(message: unknown, transfer: readonly Transferable[]): void;
  listen(receive: (message: unknown) => void): void;
  /** Whether the process waits for this port. */
  hold(isHeld: boolean): void;
}

/** What one side lets the other call: functions of one argument. */
export type Methods<Names> = { readonly [Name in keyof Names]: (argument: never) => unknown };

/** A result whose memory moves to the other side instead of being copied. */
export class Transferred<Value> {
  constructor(
    readonly value: Value,
    readonly memory: readonly Transferable[],
  ) {}
}

type Value<Method> = Method extends (argument: never) => infer Result ? Awaited<Result> : never;

/** Functions for `Methods`: each may promise its result, and may transfer it. */
export type Handlers<Ours extends Methods<Ours>> = {
  readonly [Name in keyof Ours]: (
    argument: Parameters<Ours[Name]>[0],
  ) => Result<Value<Ours[Name]>> | Promise<Result<Value<Ours[Name]>>>;
};
type Result<Plain> = Plain | Transferred<Plain>;

type Message =
  | { readonly kind: "call"; readonly id: number; readonly name: string; readonly argument: unknown }
  | { readonly kind: "result"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failure"; readonly id: number; readonly error: PackedError };

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** One of two threads that call each other's functions and are answered with their results or errors. */
export class Peer<Ours extends Methods<Ours>, Theirs extends Methods<Theirs>> {
  readonly #port: Port;
  readonly #handlers: Handlers<Ours>;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #failure: Error | undefined;

  constructor(port: Port, handlers: Handlers<Ours>) {
    this.#port = port;
    this.#handlers = handlers;
    port.listen((message) => this.#receive(message as Message));
  }

  /** What the other side's function gives. Throws what it throws, and what `fail` was given. */
  call<Name extends keyof Theirs & string>(
    name: Name,
    argument: Parameters<Theirs[Name]>[0],
  ): Promise<Value<Theirs[Name]>> {
    return new Promise((resolve, reject) => {
      if (this.#failure) throw this.#failure;
      const id = ++this.#calls;
      this.#port.post({ kind: "call", id, name, argument } satisfies Message, []);
      this.#waiting.set(id, { resolve, reject });
      if (this.#waiting.size === 1) this.#port.hold(true);
    });
  }

  /** For when the other side is gone: all that wait, and all who will call, get this error. */
  fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }

  #receive(message: Message): void {
    if (message.kind === "call") {
      void this.#answer(message.id, this.#handlers[message.name as keyof Ours], message.argument);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (this.#waiting.size === 0) this.#port.hold(false);
    if (message.kind === "result") waiting?.resolve(message.value as never);
    else waiting?.reject(unpackError(message.error));
  }

  async #answer(id: number, handler: Handlers<Ours>[keyof Ours], argument: unknown): Promise<void> {
    try {
      const result = await handler(argument as never);
      const { value, memory } = result instanceof Transferred ? result : new Transferred(result, []);
      this.#port.post({ kind: "result", id, value } satisfies Message, memory);
    } catch (error) {
      this.#port.post({ kind: "failure", id, error: packError(error) } satisfies Message, []);
    }
  }
}
