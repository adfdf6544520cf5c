import { describe, expect, test } from "@jest/globals";
import { type V8, withFlags } from "./v8-flags.js";

/** An engine with some flags, and a record of what was set. */
function fakeV8(...initially: string[]): V8 & { readonly on: Set<string>; readonly calls: string[] } {
  const known = ["wide", "baseline", "lazy"];
  const on = new Set(initially);
  const calls: string[] = [];
  return {
    on,
    calls,
    setFlagsFromString(flag) {
      calls.push(flag);
      const name = flag.replace(/^--(no-)?/, "");
      if (!known.includes(name)) return;
      if (flag.startsWith("--no-")) on.delete(name);
      else on.add(name);
    },
    cachedDataVersionTag: () => known.reduce((tag, name) => 2 * tag + Number(on.has(name)), 1),
  };
}

const wanted = { wide: true, baseline: false, lazy: false };

describe("flags", () => {
  test("are set one by one, and set back in the reverse order", () => {
    const v8 = fakeV8("baseline", "lazy");
    const inside = withFlags(v8, wanted, () => [...v8.on]);
    expect(inside).toEqual(["wide"]);
    expect(v8.calls).toEqual(["--wide", "--no-baseline", "--no-lazy", "--lazy", "--baseline", "--no-wide"]);
    expect([...v8.on].sort()).toEqual(["baseline", "lazy"]);
  });

  test("are set back where the body throws, and its error comes through", () => {
    const v8 = fakeV8("baseline", "lazy");
    const body = () => {
      throw new Error("does not compile");
    };
    expect(() => withFlags(v8, wanted, body)).toThrow("does not compile");
    expect([...v8.on].sort()).toEqual(["baseline", "lazy"]);
  });

  test("that the user had set so already stay", () => {
    const v8 = fakeV8("wide", "lazy");
    expect(withFlags(v8, wanted, () => [...v8.on])).toEqual(["wide"]);
    expect([...v8.on].sort()).toEqual(["lazy", "wide"]);
  });

  test("that the engine does not have are an error, and those before are set back", () => {
    const v8 = fakeV8("baseline");
    expect(() => withFlags(v8, { baseline: false, eager: true }, () => 0)).toThrow(/does not tell whether --eager/);
    expect([...v8.on]).toEqual(["baseline"]);
  });

  // The tag of older engines also remembers that a flag was ever set.
  const testNewEngine = Number.parseInt(process.versions.v8, 10) >= 13 ? test : test.skip;
  testNewEngine("of this very engine (V8 13 or later): the tag tells, and is the same afterwards", () => {
    const v8 = process.getBuiltinModule("node:v8");
    const before = v8.cachedDataVersionTag();
    const inside = withFlags(v8, { liftoff: false, "wasm-lazy-compilation": false }, () => v8.cachedDataVersionTag());
    expect(inside).not.toBe(before);
    expect(v8.cachedDataVersionTag()).toBe(before);
  });
});
