/** The layouts that models are written in. */
export const conversionFormats = ["safetensors", "tensorflow", "onnx"] as const;

export type ConversionFormat = (typeof conversionFormats)[number];

/** What weights can be written in: `Precision`, and halves of float32 that only safetensors files have. */
export const conversionPrecisions = ["float32", "float16", "bfloat16", "int8"] as const;

export type ConversionPrecision = (typeof conversionPrecisions)[number];

/** An array as one file has it. */
export interface FileArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** Where an array came from and what it has become. */
export interface ConvertedArray {
  readonly from: FileArray;
  readonly to: FileArray;
  /** Whether its two axes changed places. */
  readonly transposed: boolean;
}

/** An array that is in the model's file and not in the one written. */
export interface LeftOutArray extends FileArray {
  readonly reason: string;
}

/** What the model gives for a sample text, before and after. */
export interface OutputComparison {
  readonly kind: "compared";
  /** How many numbers there are: hidden states, and what the head makes of them. */
  readonly numbers: number;
  /** Between any two of them. */
  readonly largestDifference: number;
  /** The differences' root mean square over the numbers' own. */
  readonly relativeDifference: number;
}

/** What a conversion did. */
export interface ConversionReport {
  /** The model, as it was named. */
  readonly from: string;
  /** The folder written. */
  readonly folder: string;
  readonly format: ConversionFormat;
  /** What was asked for; undefined where weights kept the types they had. */
  readonly precision: ConversionPrecision | undefined;
  /** The class of Hugging Face's transformers that has these parameters, such as `BertForMaskedLM`. */
  readonly architecture: string;
  readonly files: readonly WrittenFile[];
  readonly arrays: readonly ConvertedArray[];
  readonly leftOut: readonly LeftOutArray[];
  /** A sentence for each thing that the written model does not say or do as the other did. */
  readonly warnings: readonly string[];
  readonly outputs: OutputComparison | { readonly kind: "not compared"; readonly reason: string };
}

/** A file in the folder written. */
export interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
}
