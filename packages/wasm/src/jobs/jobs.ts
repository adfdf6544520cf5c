import { control } from "../pool/control.js";
import { attentionJob } from "./attention-job.js";
import { layerNormJob } from "./layer-norm-job.js";
import { productJob } from "./product-job.js";
import { quantizeJob } from "./quantize-job.js";
import { quantizedProductJob } from "./quantized-product-job.js";

/** Every kind of job and what it is told. Its place here is the number by which threads know it. */
const jobs = {
  product: productJob,
  attention: attentionJob,
  layerNorm: layerNormJob,
  quantize: quantizeJob,
  quantizedProduct: quantizedProductJob,
} as const;

export type JobName = keyof typeof jobs;

export const jobNames = Object.keys(jobs) as readonly JobName[];

export type JobParameters<Name extends JobName> = Readonly<Record<keyof (typeof jobs)[Name], number>>;

/** A piece of work that threads share in chunks. */
export interface Job<Name extends JobName> {
  readonly parameters: JobParameters<Name>;
  readonly chunks: number;
  /** The address of a work area of `stride` bytes for each thread; by default none. */
  readonly scratch?: { readonly address: number; readonly stride: number };
}

const fields = new Map(
  jobNames.map((name) => [
    name,
    Object.entries<string>(jobs[name]).map(([field, type]) => ({ field, isFloat: type === "f32" })),
  ]),
);

const noScratch = { address: 0, stride: 0 };

/** Writes down what threads are to do. */
export function describeJob<Name extends JobName>(memory: ArrayBufferLike, name: Name, job: Job<Name>): void {
  const words = new Int32Array(memory, 0, control.end / 4);
  const floats = new Float32Array(memory, 0, control.end / 4);
  const { parameters, chunks, scratch = noScratch } = job;
  words[control.kind / 4] = jobNames.indexOf(name);
  words[control.chunks / 4] = chunks;
  words[control.scratch / 4] = scratch.address;
  words[control.scratchStride / 4] = scratch.stride;
  let at = control.parameters / 4;
  for (const { field, isFloat } of fields.get(name)!) {
    (isFloat ? floats : words)[at++] = parameters[field as keyof typeof parameters];
  }
}
