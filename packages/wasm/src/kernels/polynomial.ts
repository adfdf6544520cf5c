import type { Expression, V128 } from "../emit/expression.js";
import type { FunctionBuilder, Local } from "../emit/function-builder.js";

/** Σ cᵢ xⁿ⁻ⁱ by Horner's rule, the highest power's coefficient first. */
export const polynomial = (f: FunctionBuilder, x: Local<"v128">, coefficients: readonly number[]): Expression<"v128"> =>
  coefficients
    .slice(1)
    .reduce<V128>((sum, coefficient) => f.multiplyAdd(sum, x, coefficient), coefficients[0]!) as Expression<"v128">;
