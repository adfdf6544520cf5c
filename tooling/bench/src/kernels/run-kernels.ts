// Program: a model, number of threads and rounds → how fast products are, and where the time of a forward pass goes.
import { giveResult, inputOfChild } from "../in-child.js";
import { forwardTimes } from "./forward-times.js";
import type { KernelsInput, KernelsOfThreads } from "./kernels-result.js";
import { measureProducts } from "./measure-products.js";

const input = inputOfChild<KernelsInput>();
const result: KernelsOfThreads = {
  threads: input.threads,
  forward: await forwardTimes(input),
  products: await measureProducts(input),
};
giveResult(result);
