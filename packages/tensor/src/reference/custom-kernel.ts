import type { CustomKernel, KernelDefinition, Values, View } from "../backend.js";

/** Runs a custom kernel's function as it is, element after element, on memory that JavaScript can address. */
export function plainCustomKernel(
  { compute, constants }: KernelDefinition,
  open: (view: View) => Values,
): CustomKernel {
  const call = compute as unknown as (this: unknown, ...inputs: readonly Values[]) => number;
  return {
    run(inputs, out) {
      const values = inputs.map(open);
      const result = open(out);
      const thread = { x: 0, y: 0, z: 0 };
      const self = { thread, constants };
      for (let i = 0; i < result.length; i++) {
        thread.x = i;
        result[i] = call.apply(self, values);
      }
    },
  };
}
