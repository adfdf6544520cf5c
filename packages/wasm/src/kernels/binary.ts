import type { BinaryKind } from "@bertkit/tensor";
import { f32x4, i32, v128 } from "../emit/expression.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import { forEachVector } from "./lanes.js";

/** Which side is one number, repeated: none, the left one or the right one. */
export type Repeated = "" | ".left" | ".right";

export type BinaryFunctions = Readonly<
  Record<`binary.${BinaryKind}${Repeated}`, (a: number, b: number, out: number, count: number) => void>
>;

/** Three functions a kind; `out` may be `a` or `b` where that is not repeated. */
export function emitBinary(module: ModuleBuilder): void {
  for (const [kind, compute] of Object.entries(binaryKernels)) {
    for (const repeated of ["", ".left", ".right"] satisfies Repeated[]) {
      const signature = { a: "i32", b: "i32", out: "i32", count: "i32" } as const;
      module.function(`binary.${kind}${repeated}`, signature, (f, { a, b, out, count }) => {
        const left = repeated === ".left" ? f.let(f32x4.loadSplat(a)) : undefined;
        const right = repeated === ".right" ? f.let(f32x4.loadSplat(b)) : undefined;
        forEachVector(f, count, (offset, lanes) => {
          const result = compute(left ?? v128.load(i32.add(a, offset)), right ?? v128.load(i32.add(b, offset)));
          lanes.store(i32.add(out, offset), result);
        });
      });
    }
  }
}

const binaryKernels: Readonly<Record<BinaryKind, typeof f32x4.add>> = {
  add: f32x4.add,
  subtract: f32x4.subtract,
  multiply: f32x4.multiply,
  divide: f32x4.divide,
};
