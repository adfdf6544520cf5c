import type { DeviceInfo, ModelInfo } from "bertkit";
import type { CommonFlags, ModelFlags } from "../flags.js";
import { modelOf } from "../model-flag.js";
import { printText } from "../output/print-text.js";
import { deviceRows } from "../terminal/device-rows.js";
import { DownloadDisplay } from "../terminal/download-display.js";
import { type Section, sectionPage } from "../terminal/section-page.js";
import { bytes } from "../terminal/show-bytes.js";

/** The flags of `bertkit info`. */
export interface InfoFlags extends CommonFlags, ModelFlags {}

/** Says what a model holds and which device would run it. */
export async function info(named: string | undefined, flags: InfoFlags, signal: AbortSignal): Promise<void> {
  const model = named ?? (await modelOf(flags));
  const { inspectModel, listDevices } = await import("bertkit");
  await using download = new DownloadDisplay(flags);
  const [found, devices] = [await inspectModel(model, { ...download.options, signal }), await listDevices()];
  await printText(flags.json ? json(found, devices) : page(found, devices), signal);
}

function json(found: ModelInfo, devices: readonly DeviceInfo[]): string {
  const plain = (_name: string, value: unknown): unknown => (value instanceof Map ? Object.fromEntries(value) : value);
  return `${JSON.stringify({ ...found, devices }, plain, 2)}\n`;
}

function page(found: ModelInfo, devices: readonly DeviceInfo[]): string {
  const { config, sentence } = found;
  const heads = `${config.heads} heads of ${config.width / config.heads}`;
  const prompts = [...sentence.prompts].map(([name, prompt]) => `${name} ${JSON.stringify(prompt)}`);
  const length = sentence.normalized ? "length 1" : "any length";
  const sections: readonly Section[] = [
    [
      found.model,
      [
        ["made for", found.purposes.join("; ") || "nothing that its files name"],
        ["classes", found.architectures.join(", ") || "none named"],
        ["answers", ["encode", "similar", "features", "inspect", ...found.tasks].join(", ")],
        ...(found.labels.length > 0 ? [["labels", labels(found)] as const] : []),
        ["parameters", count(found.parameters)],
        ["weights", `${bytes(found.bytes)}, ${found.dtypes.join(" and ")}`],
      ],
    ],
    [
      "Encoder",
      [
        ["blocks", `${config.layers}, width ${config.width}, ${heads}`],
        ["feed-forward", `width ${config.innerWidth}, ${config.activation}`],
        ["vocabulary", `${count(config.vocabulary)} tokens`],
        ...inputRows(config),
      ],
    ],
    [
      "Sentence vectors",
      [
        ["pooling", sentence.poolings.join(" + ")],
        ["vector", `${sentence.width} numbers, ${length}`],
        ["longest text", `${sentence.maxLength} tokens, special tokens included; the rest is cut off`],
        ["prompts", prompts.join(", ") || "none"],
      ],
    ],
    ["Devices", deviceRows(devices)],
  ];
  return sectionPage(sections);
}

/** What only some families say of what is added to a token. */
function inputRows({ maxPositions, positions = "learned", typeVocabulary }: InputConfig): Section[1] {
  const kind = positions === "learned" ? "" : `, ${positions}`;
  const types = typeVocabulary === undefined ? [] : [["token types", String(typeVocabulary)] as const];
  return [["positions", `${maxPositions}${kind}`], ...types];
}

type InputConfig = ModelInfo["config"] & { readonly positions?: string; readonly typeVocabulary?: number };

/** So many as a line has room for. */
function labels({ labels: names }: ModelInfo): string {
  const shown = names.slice(0, 12).join(", ");
  return names.length > 12 ? `${shown} and ${count(names.length - 12)} more` : shown;
}

function count(value: number): string {
  return value.toLocaleString("en");
}
