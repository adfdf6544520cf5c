import type { Precision } from "@bertkit/encoder-family";
import type { Backend } from "@bertkit/tensor";
import type { Device } from "./devices.js";
import type { DownloadOptions } from "./download-options.js";

/** How any model is loaded. */
export interface LoadModelOptions extends DownloadOptions {
  /**
   * Where to compute; it stays yours. By default all models that were loaded with the same device, wide and threads
   * share one, which the last to be disposed of closes.
   */
  readonly backend?: Backend | undefined;
  /** Which device to open where no backend is given. */
  readonly device?: Device | undefined;
  /** Whether that device may use 256-bit operations, as in `openBackend`. */
  readonly wide?: boolean | undefined;
  /** How many threads it computes on, as in `openBackend`. */
  readonly threads?: number | undefined;
  /**
   * "int8": a quarter of the memory, and faster, with numbers a little different (docs/int8.md); float weights are
   * quantised as they are read. By default what the files hold.
   */
  readonly precision?: Precision | undefined;
  /** Tokens of a sequence at most, special tokens included, instead of the limit that the model's files state. */
  readonly maxLength?: number | undefined;
}
