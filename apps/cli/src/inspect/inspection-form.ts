import { extname } from "node:path";
import type { InspectedPart } from "bertkit";
import { usageFailure } from "../failure.js";
import type { TaskFlags } from "../tasks/task-flags.js";

/** The flags of `bertkit inspect`. */
export interface InspectFlags extends TaskFlags {
  /** Write attention; both parts where neither is named. */
  readonly attention?: true;
  /** Write hidden states. */
  readonly hidden?: true;
  /** Of a page. */
  readonly title?: string;
}

/** What is written, and where. */
export interface InspectionForm {
  readonly name: "page" | "safetensors";
  readonly output: string;
  readonly parts: readonly InspectedPart[];
}

/**
 * The form that the flags ask for by the extension of the output.
 * @throws {Failure} where there is no output, where its extension says nothing, and for flags that are not for that form.
 */
export function inspectionFormOf({ output = "-", attention, hidden, title }: InspectFlags): InspectionForm {
  const hint = "--output maps.html makes a page of attention maps, --output states.safetensors a file of arrays";
  if (output === "-") throw usageFailure("what is inside a model goes into a file, and none is named", hint);
  const name = formOfExtension.get(extname(output).toLowerCase());
  if (name === undefined) throw usageFailure(`${output}: its extension says no form of inspection`, hint);
  if (name === "page" && hidden) {
    throw usageFailure("a page shows attention only", "leave --hidden out, or name the output .safetensors");
  }
  if (name === "safetensors" && title !== undefined) {
    throw usageFailure("--title is for pages", "leave it out, or name the output .html");
  }
  const named: readonly InspectedPart[] = [
    ...(attention ? ["attention" as const] : []),
    ...(hidden ? ["hidden" as const] : []),
  ];
  if (name === "page") return { name, output, parts: ["attention"] };
  return { name, output, parts: named.length > 0 ? named : ["attention", "hidden"] };
}

const formOfExtension: ReadonlyMap<string, InspectionForm["name"]> = new Map([
  [".html", "page"],
  [".htm", "page"],
  [".safetensors", "safetensors"],
]);
