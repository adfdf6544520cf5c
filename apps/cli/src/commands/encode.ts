import type { Device, EncodeProgress, PoolingMode, SentenceEncoder } from "bertkit";
import { type InputFlags, openRows } from "../input/open-rows.js";
import { modelOf } from "../model-flag.js";
import { warn } from "../notices.js";
import type { Destination } from "../output/destination.js";
import { openDestination, type VectorOutputFlags, vectorFormOf } from "../output/open-destination.js";
import type { VectorForm } from "../output/vector-forms.js";
import type { ProgressDisplay } from "../progress-bar.js";
import type { Row, RowSource } from "../rows/row.js";

/** The flags of `bertkit encode`. */
export interface EncodeFlags extends InputFlags, VectorOutputFlags {
  readonly model?: string;
  readonly pooling?: PoolingMode;
  readonly maxLength?: number;
  readonly batchTokens?: number;
  readonly prompt?: string;
  readonly promptName?: string;
  readonly device?: Device;
  readonly quiet?: true;
}

/** Writes the vector of each text, in their order, holding no more texts in memory than are being encoded. */
export async function encode(texts: readonly string[], flags: EncodeFlags, signal: AbortSignal): Promise<void> {
  const model = modelOf(flags);
  const form = vectorFormOf(flags);
  // What takes no time fails first: input and output are opened before the model is loaded.
  const source = await openRows(texts, flags, signal);
  await using destination = await openDestination(flags, form, signal);
  const { loadSentenceEncoder } = await import("bertkit");
  const { device, pooling, maxLength } = flags;
  // This process is ours, and nothing else in it compiles WebAssembly; BERTKIT_WIDE=0 forbids it.
  using encoder = await loadSentenceEncoder(model, { device, wide: true, pooling, maxLength, signal });

  if (form.header) await destination.write(form.header(0, encoder.width));
  const { rows, truncated } = await writeVectors(encoder, { source, form, destination, flags, signal });
  await destination.complete(form.header?.(rows, encoder.width));

  if (flags.quiet) return;
  const problem = source.warning();
  if (problem) warn(problem);
  if (truncated > 0) {
    const cut = `${truncated} of ${rows} texts were cut to ${encoder.maxLength} tokens`;
    warn(`${cut}; --max-length sets another limit, up to the model's positions (bertkit info)`);
  }
}

interface Task {
  readonly source: RowSource;
  readonly form: VectorForm;
  readonly destination: Destination;
  readonly flags: EncodeFlags;
  readonly signal: AbortSignal;
}

async function writeVectors(
  encoder: SentenceEncoder,
  { source, form, destination, flags, signal }: Task,
): Promise<{ rows: number; truncated: number }> {
  using display = await progressDisplay(source, flags);
  const waiting: Row[] = []; // handed to the encoder, their vectors still to come
  async function* taken(): AsyncGenerator<string> {
    for await (const item of source.rows) {
      waiting.push(item);
      yield item.text;
    }
  }
  const result = { rows: 0, truncated: 0 };
  const { batchTokens, prompt, promptName } = flags;
  const onProgress = ({ truncated }: EncodeProgress): void => {
    result.truncated = truncated;
  };
  for await (const vector of encoder.encode(taken(), { batchTokens, prompt, promptName, signal, onProgress })) {
    const { text, position } = waiting.shift() as Row;
    await destination.write(form.row(text, vector));
    result.rows++;
    display?.update({ texts: result.rows, position });
  }
  return result;
}

/** Only for a person who watches: on a terminal that the vectors don't go to themselves. */
async function progressDisplay({ extent }: RowSource, flags: EncodeFlags): Promise<ProgressDisplay | undefined> {
  const vectorsOnScreen = (flags.output === undefined || flags.output === "-") && process.stdout.isTTY;
  if (!process.stderr.isTTY || vectorsOnScreen || flags.quiet) return undefined;
  return (await import("../progress-bar.js")).progressBar(extent);
}
