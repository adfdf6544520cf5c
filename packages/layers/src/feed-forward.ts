import { type Activation, gelu, type Initializer, type Tensor } from "@bertkit/tensor";
import { Linear } from "./linear.js";
import { Module } from "./module.js";

export interface FeedForwardOptions {
  readonly width: number;
  readonly innerWidth: number;
  /** Default `gelu`, exact. */
  readonly activation?: Activation;
  readonly initializer?: Initializer;
}

/** Two linear maps with an activation between (Vaswani et al. 2017, section 3.3). [..., width] → [..., width] */
export class FeedForward extends Module {
  readonly expand: Linear;
  readonly contract: Linear;
  readonly #activation: Activation;

  constructor({ width, innerWidth, activation = gelu, ...options }: FeedForwardOptions) {
    super();
    this.expand = new Linear(width, innerWidth, options);
    this.contract = new Linear(innerWidth, width, options);
    this.#activation = activation;
  }

  forward(x: Tensor): Tensor {
    return this.contract.forward(this.expand.forward(x, this.#activation));
  }
}
