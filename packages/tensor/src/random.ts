/**
 * The 32-bit number that belongs to (seed, index). Integer arithmetic only, so that every device computes the same.
 * Seed and index count modulo 2³². The mixing steps are the two rounds 16-21f0aaad-15-735a2d97-15 found with
 * hash-prospector (github.com/skeeto/hash-prospector, issue 19), applied to the index and again with the seed.
 */
export function hash(seed: number, index: number): number {
  return mix((mix(index) + seed) | 0);
}

function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

/** 24 random bits, as many as a float32 holds. */
const uniformSteps = 0x1000000;

/** The smallest of the 24-bit numbers that `keeps` lets pass at this rate. */
export const keepThreshold = (rate: number): number => Math.ceil(rate * uniformSteps);

/** Whether dropout at `rate` keeps element `index`: the rule that every backend follows to the bit. */
export const keeps = (seed: number, index: number, rate: number): boolean =>
  hash(seed, index) >>> 8 >= keepThreshold(rate);

/** A seeded stream of numbers: number i depends on (seed, i) alone, so a run can be repeated and resumed anywhere. */
export class RandomStream {
  #index: number;

  /** @param index how many numbers have been drawn already, to go on where a stream stopped. */
  constructor(
    readonly seed: number,
    index = 0,
  ) {
    this.#index = index;
  }

  /** How many numbers have been drawn: with the seed, all there is to save. */
  get index(): number {
    return this.#index;
  }

  /** A 32-bit number, fit to seed something else. */
  nextSeed(): number {
    return hash(this.seed, this.#index++);
  }

  /** Uniform in [0, 1), a multiple of 2⁻²⁴. */
  uniform(): number {
    return (this.nextSeed() >>> 8) / uniformSteps;
  }

  /** Normal with mean 0 and deviation 1 (Box & Muller 1958); draws two numbers. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }
}
