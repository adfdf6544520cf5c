import { describe, expect, test } from "@jest/globals";
import { tensorOf } from "./fixtures/tensors.js";
import { add, scale } from "./ops/arithmetic.js";
import { reshape } from "./ops/reshape.js";
import { Parameter } from "./parameter.js";
import { openReference } from "./reference/open-reference.js";
import { Scope } from "./scope.js";
import type { Tensor } from "./tensor.js";
import { useBackend } from "./testing/use-backend.js";
import { tidy } from "./tidy.js";

describe("tidy", () => {
  const backend = useBackend(() => openReference());
  const buffers = (): number => backend().memory.buffers;
  const one = (): Tensor => tensorOf(backend(), [1]);

  test("keeps what is returned and disposes of everything else", async () => {
    using kept = tidy(() => {
      one();
      return add(one(), one());
    });
    expect(buffers()).toBe(1);
    expect([...(await kept.read())]).toEqual([2]);
  });

  test("keeps every tensor of an array, and may keep nothing", () => {
    const pair = tidy(() => [one(), one(), one()].slice(1));
    expect(buffers()).toBe(2);
    for (const tensor of pair) tensor.dispose();
    expect(tidy(() => void one())).toBeUndefined();
    expect(buffers()).toBe(0);
  });

  test("inside another hands what it keeps to the outer one", () => {
    tidy(() => {
      tidy(() => [one(), one()]);
      expect(buffers()).toBe(2);
      return undefined;
    });
    expect(buffers()).toBe(0);
  });

  test("leaves alone what was made before it, even when returned", () => {
    using outside = one();
    expect(tidy(() => outside)).toBe(outside);
    tidy(() => {
      add(outside, outside);
      return undefined;
    });
    expect(buffers()).toBe(1);
  });

  test("a kept view keeps the memory of what it was made from", async () => {
    using view = tidy(() => reshape(tensorOf(backend(), [1, 2]), [2, 1]));
    expect(buffers()).toBe(1);
    expect([...(await view.read())]).toEqual([1, 2]);
  });

  test("what was disposed of by hand inside is not given back twice", () => {
    tidy(() => {
      using tensor = one();
      tensor.dispose();
      return undefined;
    });
    expect(buffers()).toBe(0);
  });

  test("never disposes of a parameter", () => {
    using made = new Parameter([1], () => 0);
    tidy(() => {
      made.place(backend(), Float32Array.of(3));
      return undefined;
    });
    expect(made.placed).toBe(true);
  });

  test("an exception gives everything back and closes every scope", () => {
    expect(() =>
      tidy(() => {
        one();
        return tidy(() => {
          scale(one(), 2);
          throw new Error("in the middle");
        });
      }),
    ).toThrow("in the middle");
    expect(buffers()).toBe(0);
    expect(Scope.current).toBeUndefined();
  });

  test("an asynchronous body is refused", async () => {
    const body = (async () => one()) as unknown as () => Tensor;
    expect(() => tidy(body)).toThrow("tidy: its body must not be async: read() what it returns");
    expect(buffers()).toBe(0);
    expect(Scope.current).toBeUndefined();
  });
});

describe("a scope", () => {
  test("that closes while an inner one is open says what went wrong", () => {
    const outer = new Scope();
    const inner = new Scope();
    expect(() => outer[Symbol.dispose]()).toThrow(
      "a scope closed while an inner one was open: do not await inside tidy()",
    );
    inner[Symbol.dispose]();
    outer[Symbol.dispose]();
    expect(Scope.current).toBeUndefined();
  });
});
