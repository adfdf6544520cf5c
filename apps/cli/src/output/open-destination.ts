import { usageFailure } from "../failure.js";
import { type Destination, standardOutput } from "./destination.js";
import { fileDestination } from "./file-destination.js";
import { type VectorForm, type VectorFormName, vectorForm, vectorFormOfFile } from "./vector-forms.js";

/** The flags that say where vectors go, and how written. */
export interface VectorOutputFlags {
  readonly output?: string;
  readonly outputFormat?: VectorFormName;
}

/** The form that the flags ask for, by name or by the extension of the file; JSON lines without either. */
export function vectorFormOf({ output, outputFormat }: VectorOutputFlags): VectorForm {
  const toFile = output !== undefined && output !== "-";
  const name = outputFormat ?? (toFile ? vectorFormOfFile(output) : "jsonl");
  if (name === "f32" && !toFile && process.stdout.isTTY) {
    throw usageFailure("f32 is not for a terminal's eyes; send it to a pipe, or to a file with --output vectors.f32");
  }
  return vectorForm(name);
}

/**
 * Opens the file that the flags name, else standard output.
 * @throws {Failure} where the form needs a file whose first bytes can be written last.
 */
export async function openDestination(
  { output = "-" }: VectorOutputFlags,
  form: VectorForm,
  signal: AbortSignal,
): Promise<Destination> {
  const isStandard = output === "-";
  const destination = isStandard ? standardOutput(signal) : await fileDestination(output, signal);
  if (!form.header || destination.canRewriteStart) return destination;
  await destination[Symbol.asyncDispose]();
  const place = isStandard ? "standard output" : output;
  const reason = "an .npy file begins with its number of rows, which is known last";
  throw usageFailure(`npy cannot go to ${place}, since ${reason}; write a file: --output vectors.npy`);
}
