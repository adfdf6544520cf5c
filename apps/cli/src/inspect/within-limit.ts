import type { Inspector } from "bertkit";
import { Failure } from "../failure.js";
import type { TaskRow } from "../tasks/open-task-rows.js";
import type { InspectionForm } from "./inspection-form.js";

/** The arrays stay in memory until the file is written: 2 GB of float32. */
const mostArrayNumbers = 2 ** 29;

/** How many numbers a file of that form holds at most. */
export async function limitOf(form: InspectionForm): Promise<number> {
  return form.name === "page" ? (await import("bertkit")).attentionPageLimit : mostArrayNumbers;
}

/**
 * The rows as they come, counted before the model sees them.
 * @throws {Failure} at the row with which there are more numbers than one file holds.
 */
export async function* withinLimit(
  rows: AsyncIterable<TaskRow>,
  model: Inspector,
  { form, most }: { readonly form: InspectionForm; readonly most: number },
): AsyncGenerator<TaskRow> {
  let numbers = 0;
  for await (const row of rows) {
    const [text, pair] = row.texts;
    const { length } = model.tokenizer.encode(text, { pair, maxLength: model.maxLength });
    if (form.parts.includes("attention")) numbers += model.layers * model.heads * length ** 2;
    if (form.parts.includes("hidden")) numbers += (model.layers + 1) * length * model.width;
    if (numbers > most) throw tooMany(row.place, numbers, most, form);
    yield row;
  }
}

function tooMany(place: string, numbers: number, most: number, { name, parts }: InspectionForm): Failure {
  const shown = (count: number): string => count.toLocaleString("en");
  const others = name === "safetensors" && parts.length > 1 ? ", or write --attention or --hidden alone" : "";
  return new Failure(
    name === "page"
      ? `${place}: up to here are ${shown(numbers)} probabilities, and a page opens with ${shown(most)} at most`
      : `${place}: up to here are ${shown(numbers)} numbers, and a file is made of ${shown(most)} at most`,
    { hint: `give it fewer texts, or cut them with --max-length${others}` },
  );
}
