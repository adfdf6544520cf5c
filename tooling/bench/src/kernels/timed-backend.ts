import type { Backend, View } from "@bertkit/tensor";

/** What the calls of one kernel took together. */
export interface KernelTime {
  readonly kernel: string;
  readonly calls: number;
  readonly milliseconds: number;
}

export interface TimedBackend {
  /** Does what the other does. */
  readonly backend: Backend;
  /** Since the last call, the longest first. */
  takeTimes(): KernelTime[];
}

/** A backend whose kernels are timed from outside, products by their extents; for kernels that wait for their end. */
export function timedBackend(inner: Backend): TimedBackend {
  const times = new Map<string, { calls: number; milliseconds: number }>();
  const timedFunction = (name: string, target: object, run: (...args: readonly unknown[]) => unknown) => {
    return (...args: readonly unknown[]): unknown => {
      const begin = performance.now();
      const result: unknown = Reflect.apply(run, target, args);
      const label = labelOf(name, args);
      const time = times.get(label) ?? { calls: 0, milliseconds: 0 };
      times.set(label, { calls: time.calls + 1, milliseconds: time.milliseconds + performance.now() - begin });
      return result;
    };
  };
  const kernels = replaced(inner.kernels, (name, kernel) =>
    typeof kernel === "function"
      ? timedFunction(name, inner.kernels, (...args) => Reflect.apply(kernel, inner.kernels, args))
      : kernel,
  );
  const fused = replaced(inner.fused, (name, kernel) =>
    isFused(kernel) ? { ...kernel, forward: timedFunction(name, kernel, kernel.forward) } : kernel,
  );
  return {
    backend: replaced(inner, (name, value) => (name === "kernels" ? kernels : name === "fused" ? fused : value)),
    takeTimes() {
      const taken = Array.from(times, ([kernel, time]) => ({ kernel, ...time }));
      times.clear();
      return taken.sort((a, b) => b.milliseconds - a.milliseconds);
    },
  };
}

/** The same object, whose properties are seen through `change`. */
const replaced = <Target extends object>(inner: Target, change: (name: string, value: unknown) => unknown): Target =>
  new Proxy(inner, {
    get: (target, name): unknown => {
      const value: unknown = Reflect.get(target, name);
      return typeof name === "string" ? change(name, value) : value;
    },
  });

interface AnyFused {
  readonly forward: (...args: readonly unknown[]) => unknown;
}

const isFused = (value: unknown): value is AnyFused =>
  typeof value === "object" && value !== null && "forward" in value && typeof value.forward === "function";

/** A product is named with its extents, since how fast it is depends on them. */
function labelOf(name: string, args: readonly unknown[]): string {
  if (name !== "linear" && name !== "quantizedLinear") return name;
  const [, weight] = args as readonly [View, View];
  const [outputs, inputs] = weight.shape;
  return `${name} ${inputs} → ${outputs}`;
}
