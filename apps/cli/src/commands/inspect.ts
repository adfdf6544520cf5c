import { basename, resolve } from "node:path";
import type { InspectedText, Inspector, TaskProgress } from "bertkit";
import { Failure } from "../failure.js";
import { type InspectFlags, type InspectionForm, inspectionFormOf } from "../inspect/inspection-form.js";
import { limitOf, withinLimit } from "../inspect/within-limit.js";
import { modelOf } from "../model-flag.js";
import type { Destination } from "../output/destination.js";
import { openDestination } from "../output/open-destination.js";
import { printText } from "../output/print-text.js";
import { withAnswers } from "../rows/with-answers.js";
import { openTaskModel } from "../tasks/open-task-model.js";
import { openTaskRows, type TaskRows, textsOf } from "../tasks/open-task-rows.js";
import { lengthLimitOf, warnOfCuts } from "../tasks/warn-of-cuts.js";
import { warn } from "../terminal/notices.js";
import { progressDisplay } from "../terminal/progress-display.js";

/** Writes what goes on inside the model at texts or pairs into one file, a page or arrays, and says what is in it. */
export async function inspect(texts: readonly string[], flags: InspectFlags, signal: AbortSignal): Promise<void> {
  const form = inspectionFormOf(flags);
  const source = await openTaskRows(texts, flags, signal);
  await using destination = await openDestination(form.output, signal);
  const { loadInspector } = await import("bertkit");
  using inspector = await openTaskModel(flags, signal, loadInspector);
  const inspected = await lookInside(inspector, source, { form, flags, signal });
  await write(inspected, destination, { form, flags, signal });
  await printText((flags.json ? json : sentence)(inspected, inspector, form), signal);
}

interface Order {
  readonly form: InspectionForm;
  readonly flags: InspectFlags;
  readonly signal: AbortSignal;
}

async function lookInside(
  inspector: Inspector,
  source: TaskRows,
  { form, flags, signal }: Order,
): Promise<readonly InspectedText[]> {
  using display = await progressDisplay(source.extent, flags);
  let progress: TaskProgress = { inputs: 0, tokens: 0, truncated: 0 };
  const onProgress = (made: TaskProgress): void => {
    progress = made;
  };
  const options = { parts: form.parts, batchTokens: flags.batchTokens, signal, onProgress };
  const rows = withinLimit(source.rows, inspector, { form, most: await limitOf(form) });
  const inspected: InspectedText[] = [];
  for await (const { row, answer } of withAnswers(rows, (taken) => inspector.inspect(textsOf(taken), options))) {
    inspected.push(answer);
    display?.update({ texts: inspected.length, position: row.position });
  }
  if (inspected.length === 0) throw new Failure("there are no texts to look at", { hint: "the input is empty" });
  if (flags.quiet) return inspected;
  const problem = source.warning();
  if (problem) warn(problem);
  warnOfCuts(progress, lengthLimitOf(inspector));
  return inspected;
}

async function write(
  inspected: readonly InspectedText[],
  destination: Destination,
  { form, flags, signal }: Order,
): Promise<void> {
  const { attentionPage, writeInspections } = await import("bertkit");
  if (form.name === "page") {
    await destination.write(
      attentionPage(inspected, { title: flags.title ?? basename(resolve(await modelOf(flags))) }),
    );
  } else {
    // A copy, since the writer uses its memory again, and a stream may keep the bytes until they have left.
    const copied = { write: (bytes: Uint8Array) => destination.write(Buffer.from(bytes)) };
    await writeInspections(copied, inspected, { signal });
  }
  await destination.complete();
}

const tokensOf = (inspected: readonly InspectedText[]): number =>
  inspected.reduce((sum, { tokens }) => sum + tokens.length, 0);

function sentence(inspected: readonly InspectedText[], { layers, heads }: Inspector, form: InspectionForm): string {
  const holds = form.parts.map((part) => (part === "hidden" ? "hidden states" : part)).join(" and ");
  const count = (number: number, noun: string): string =>
    `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
  const size = `${count(inspected.length, "text")}, ${count(tokensOf(inspected), "token")}`;
  return `${form.output}: ${holds} of ${count(layers, "layer")} with ${count(heads, "head")}; ${size}\n`;
}

function json(inspected: readonly InspectedText[], { layers, heads, width }: Inspector, form: InspectionForm): string {
  const { output, parts } = form;
  const size = { texts: inspected.length, tokens: tokensOf(inspected) };
  return `${JSON.stringify({ output, parts, ...size, layers, heads, width })}\n`;
}
