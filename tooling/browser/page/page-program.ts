/** Whose thread computes: the page's own, a Worker that bertkit starts, or one of the page's that imports bertkit. */
export type Place = "page" | "worker" | "own worker";

export interface OpenRequest {
  /** The model's address. */
  readonly model: string;
  readonly place: Place;
  readonly threads?: number | undefined;
}

/** What went on on the page's thread during some work; all in milliseconds. */
export interface Watched {
  /** Tasks of 50 ms or more, as the browser reports them. */
  readonly longTasks: readonly number[];
  /** The longest time between two frames. */
  readonly longestGap: number;
  readonly frames: number;
}

export interface Encoded extends Watched {
  readonly vectors: readonly (readonly number[])[];
}

/** An array of a checkpoint that was chosen as files. */
export interface ChosenArray {
  /** Of all arrays. */
  readonly names: readonly string[];
  readonly values: readonly number[];
  /** How many bytes of the files were read to open them. */
  readonly opened: number;
  /** And then to read the array. */
  readonly read: number;
}

/** What the page lets a test do. One encoder is open at a time. */
export interface PageProgram {
  /** Opens an encoder; its device. */
  open(request: OpenRequest): Promise<string>;
  encode(texts: readonly string[]): Promise<Encoded>;
  /** Disposes of the encoder. */
  close(): void;
  /** Holds the page's thread for so many milliseconds. */
  hold(milliseconds: number): Promise<Watched>;
  /** Reads an array of the checkpoint that was chosen in the input `#files`. */
  readChosen(name: string): Promise<ChosenArray>;
}

declare global {
  var program: PageProgram;
}
