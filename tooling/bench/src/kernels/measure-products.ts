import { agreement, vectorsIn } from "../agreement.js";
import { type Contender, interleave } from "../interleave.js";
import { summarize } from "../statistics.js";
import type { KernelsInput, ProductRate } from "./kernels-result.js";
import { operationsOf, type ProductShape, productShapes, showShape } from "./product-shapes.js";
import { openProductSides, type Product, type ProductSide } from "./product-sides.js";

// Long enough that starting and ending is nothing: some ten milliseconds.
const operationsOfARound = 1e9;

// A row in int8 is off by the rounding of its levels; a wrong weight or scale is far off.
const leastCosine = 0.999;

/** Every side at every shape, interleaved. Throws `Error` where two sides' products are not the same. */
export async function measureProducts(input: KernelsInput): Promise<ProductRate[]> {
  const sides = (await openProductSides(input.threads)).filter(({ precision }) => input.precisions.includes(precision));
  const rates: ProductRate[] = [];
  for (const shape of productShapes) rates.push(...(await measureShape(shape, sides, input)));
  return rates;
}

async function measureShape(
  shape: ProductShape,
  sides: readonly ProductSide[],
  input: KernelsInput,
): Promise<ProductRate[]> {
  const products: Product[] = [];
  for (const side of sides) products.push(await side.prepare(shape));
  await checkProducts(shape, sides, products);
  const names = sides.map(({ name, precision }) => `${name} ${precision}`);
  const samples = await interleave(
    products.map((product, i) => contender(names[i]!, product, shape)),
    input,
  );
  for (const product of products) product.release();
  return sides.map(({ name: side, precision }, i) => ({
    side,
    precision,
    shape,
    rate: summarize(samples.get(names[i]!)!),
  }));
}

/** Samples are rates, in thousand million operations a second. */
function contender(name: string, product: Product, shape: ProductShape): Contender<number> {
  const repeats = Math.ceil(operationsOfARound / operationsOf(shape));
  return {
    name,
    async measure() {
      const begin = performance.now();
      for (let i = 0; i < repeats; i++) {
        const running = product.run();
        if (running instanceof Promise) await running;
      }
      return (repeats * operationsOf(shape)) / (performance.now() - begin) / 1e6;
    },
  };
}

async function checkProducts(
  shape: ProductShape,
  sides: readonly ProductSide[],
  products: readonly Product[],
): Promise<void> {
  const results: Float32Array[][] = [];
  for (const product of products) {
    await product.run();
    results.push(vectorsIn(Float32Array.from(await product.read()), shape.rows));
  }
  for (const [i, { name, precision }] of sides.entries()) {
    const { cosine } = agreement(results[i]!, results[0]!);
    if (!(cosine >= leastCosine)) {
      throw new Error(
        `${showShape(shape)}: ${name} in ${precision} multiplies otherwise than ${sides[0]!.name}: ${cosine}`,
      );
    }
  }
}
